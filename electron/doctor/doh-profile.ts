/**
 * A configuration profile that makes macOS ask a resolver over HTTPS, for networks that lie over UDP. Payload
 * `com.apple.dnsSettings.managed` (Apple, Device Management: DNSSettings; macOS 11 and later). Unsigned: System Settings
 * says so, and asks before it installs anything.
 */

/** XML of a .mobileconfig. `uuid` gives a new UUID at each call; `addresses` are those of the resolver, or []. */
export function dohProfile(url: string, addresses: readonly string[], uuid: () => string): string {
  const id = `app.gopherbar.dns.${new URL(url).hostname.replace(/[^a-z0-9.-]/gi, '-')}`;
  const listed =
    addresses.length === 0
      ? ''
      : `
        <key>ServerAddresses</key>
        <array>
${addresses.map((address) => `          <string>${xml(address)}</string>`).join('\n')}
        </array>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>PayloadContent</key>
  <array>
    <dict>
      <key>PayloadType</key>
      <string>com.apple.dnsSettings.managed</string>
      <key>PayloadIdentifier</key>
      <string>${id}.settings</string>
      <key>PayloadUUID</key>
      <string>${uuid()}</string>
      <key>PayloadVersion</key>
      <integer>1</integer>
      <key>PayloadDisplayName</key>
      <string>DNS over HTTPS: ${xml(new URL(url).host)}</string>
      <key>DNSSettings</key>
      <dict>
        <key>DNSProtocol</key>
        <string>HTTPS</string>
        <key>ServerURL</key>
        <string>${xml(url)}</string>${listed}
      </dict>
      <key>ProhibitDisablement</key>
      <false/>
    </dict>
  </array>
  <key>PayloadType</key>
  <string>Configuration</string>
  <key>PayloadIdentifier</key>
  <string>${id}</string>
  <key>PayloadUUID</key>
  <string>${uuid()}</string>
  <key>PayloadVersion</key>
  <integer>1</integer>
  <key>PayloadDisplayName</key>
  <string>Gopherbar: DNS over HTTPS</string>
  <key>PayloadDescription</key>
  <string>Asks ${xml(new URL(url).host)} for names, over HTTPS. Remove it in System Settings to undo.</string>
  <key>PayloadRemovalDisallowed</key>
  <false/>
</dict>
</plist>
`;
}

function xml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
