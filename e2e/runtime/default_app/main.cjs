// What stands in for Electron's own default_app.asar in the runtime of the tests: `electron [-r module] <folder>`
// starts the app in a folder, after the modules that a test driver wants loaded first.
const { app } = require('electron');
const fs = require('node:fs');
const path = require('node:path');

const modules = [];
let folder;
const given = process.argv.slice(1);
for (let i = 0; i < given.length && folder === undefined; i++) {
  if (given[i] === '-r' || given[i] === '--require') modules.push(given[++i]);
  else if (!given[i].startsWith('-')) folder = path.resolve(given[i]);
}
if (folder === undefined) {
  console.error('usage: electron [-r module] <app folder>');
  process.exit(2);
}
const manifest = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
process.defaultApp = true;
app.setName(manifest.productName ?? manifest.name);
app.setVersion(manifest.version);
app.setAppPath(folder);
for (const name of modules) require(name);
require(path.join(folder, manifest.main));
