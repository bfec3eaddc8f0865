console.log('prepare', process.cwd())
