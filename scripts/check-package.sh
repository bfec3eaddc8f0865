#!/usr/bin/env bash
# Tests the package and its command line as users get them: packs both with the binary of this machine, lints, installs without scripts
# into an empty folder, and uses them from ESM, CommonJS and the shell; then again from the lock file; then without the binary.
set -eu
cd "$(dirname "$0")/.."
# In a copy, because node-gyp builds in place and tests may be using what is built here.
rm -rf build-package && mkdir build-package
git ls-files -z | xargs -0 cp --parents -t build-package
cp -r dist build-package/ && cp -r apps/cli/dist build-package/apps/cli/ && ln -s ../node_modules build-package/node_modules
mkdir -p build-package/build/Release && cp build/Release/hopfield.node build-package/build/Release/
cd build-package
root=$PWD
node scripts/prebuild-here.mjs
npm run -s package
version=$(node -p "require('./package.json').version")
tarball=$root/artifacts/hopfield-native-$version.tgz
command=$root/artifacts/hopfield-native-cli-$version.tgz
npx publint run "$tarball" --strict
npx attw "$tarball" --profile node16 --no-emoji --format ascii

fail() { echo "package: $1" >&2; exit 1; }
listing=$(tar -tzf "$tarball")
! grep -q 'binding.gyp' <<<"$listing" || fail 'binding.gyp is in the tarball: npm ci would run node-gyp'
grep -q 'prebuilds/.*\.node' <<<"$listing" || fail 'no prebuild in the tarball'
grep -q 'docs/errors.md' <<<"$listing" || fail 'the pages that docstrings name are not in the tarball'

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
tar -xzf "$tarball" package/package.json
node -e "const m=require('./package/package.json'); if (m.scripts || m.private || m.devDependencies || m.dependencies || !m.repository || !m.bugs || !m.homepage) process.exit(1)" || fail 'the manifest is not clean'
mkdir app && cd app
npm init -y >/dev/null
npm install --ignore-scripts --no-audit --no-fund "$tarball" "$command" >/dev/null
use='const X = h.bipolar("#...# .#.#. ..#.. .#.#. #...#"); const n = new h.HopfieldNetwork({ neurons: 25 }).store(X); if (!n.recall(h.addNoise(X, { count: 5, seed: 1 })).state.every((s, i) => s === X[i])) process.exit(1)'
check() {
  node --input-type=module -e "import { maxCut } from 'hopfield-native/optimization'; if (maxCut([[0, 1]]).value([1, -1]) !== 1) process.exit(1)" || fail 'the sub-path optimization does not work'
  node --input-type=module -e "import { phaseLines } from 'hopfield-native/experiments'; if (phaseLines().ground.y[0] !== 0) process.exit(1)" || fail 'the sub-path experiments does not work'
  node --input-type=module -e "import * as h from 'hopfield-native'; $use; if (h.backend().name !== '$1') { console.error(h.backend()); process.exit(1) }" || fail "ESM did not get the $1 backend"
  node -e "const h = require('hopfield-native'); $use; if (h.backend().name !== '$1') process.exit(1)" || fail "CommonJS did not get the $1 backend"
}
check native
for name in hopfield-native hopfield hopfield-native-cli; do
  HOPFIELD_BACKEND=native npx --no-install "$name" info >/dev/null || fail "the command $name does not work"
done
HOPFIELD_BACKEND=native node "$root/scripts/smoke.mjs" node_modules/hopfield-native || fail 'the addon computes other bits'
npm ci --no-audit --no-fund >/dev/null
check native
rm -rf node_modules/hopfield-native/prebuilds
check wasm
rm node_modules/hopfield-native/dist/web/platform/wasm-bytes.js
check typescript
echo 'package: installed without scripts, native, WebAssembly and TypeScript, ESM and CommonJS'
