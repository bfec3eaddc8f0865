// What the addon says of itself, to those who read its file before they load it: scripts/identity.mjs writes
// the definition, src/platform/node/addon-file.ts looks for it.
#ifndef HOPFIELD_ADDON_IDENTITY_H_
#define HOPFIELD_ADDON_IDENTITY_H_

namespace hopfield {

extern const char kIdentity[];

}  // namespace hopfield

#endif  // HOPFIELD_ADDON_IDENTITY_H_
