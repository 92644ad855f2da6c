// A bare window for the gallery's pictures.
const { app, BrowserWindow } = require('electron');

app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 380, height: 740, frame: false, useContentSize: true });
  window.loadURL('about:blank');
});
