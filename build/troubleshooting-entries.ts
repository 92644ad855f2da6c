/** The entries of docs/troubleshooting: keys of the texts that the app shows, and what to do, in both languages. */
interface Entry {
  /** Keys of shared/messages. */
  readonly texts: readonly string[];
  /** Markdown. */
  readonly en: string;
  readonly 'zh-CN': string;
}

interface Section {
  readonly title: { readonly en: string; readonly 'zh-CN': string };
  readonly entries: readonly Entry[];
}

const GO: readonly Entry[] = [
  {
    texts: ['problem.go-missing', 'verdict.go-missing'],
    en: `An app that is started from the Dock does not have the PATH of your terminal. Gopherbar asks your login shell for it, and looks in the
usual places. A version manager that sets PATH for interactive shells only (\`.zshrc\`, \`.bashrc\`) is not seen: move its line to
\`.zprofile\` or \`.profile\`, or choose the program under Settings › Go & Git.`,
    'zh-CN': `从程序坞启动的应用没有终端里的 PATH。Gopherbar 会向登录 shell 查询，并查找常见位置。有些版本管理器只在交互式 shell（\`.zshrc\`、\`.bashrc\`）中设置
PATH，因此找不到：请把那一行移到 \`.zprofile\` 或 \`.profile\`，或者在“设置 › Go 与 Git”中选择程序。`,
  },
  {
    texts: ['problem.go-silent'],
    en: `In a folder whose go.mod asks for a newer Go, every \`go\` command first downloads that toolchain, also \`go env\`. Try
\`GOTOOLCHAIN=local go env\` in your home folder. When that is slow as well, look for a wrapper in front of \`go\`: \`which -a go\`.`,
    'zh-CN': `如果 go.mod 要求更新的 Go，在该目录中执行任何 \`go\` 命令（包括 \`go env\`）都会先下载工具链。请在主目录中试试
\`GOTOOLCHAIN=local go env\`。如果同样很慢，请检查 \`go\` 前面是否有包装脚本：\`which -a go\`。`,
  },
  {
    texts: ['problem.value-overridden'],
    en: `An environment variable always wins over \`go env -w\`. \`gopherbar effective\` names the file and the line that sets it, for each kind of
shell and for apps. After the line is gone open a new terminal; for apps \`launchctl unsetenv GOPROXY\`, then start them again.`,
    'zh-CN': `环境变量始终优先于 \`go env -w\`。\`gopherbar effective\` 会按 shell 类型和应用分别指出设置它的文件和行号。删除那一行后请打开新的终端；对于应用，先执行
\`launchctl unsetenv GOPROXY\`，再重新启动。`,
  },
  {
    texts: ['problem.env-file-not-writable'],
    en: `\`sudo go env -w\` writes the file as root. The command in the message gives it back to you; nothing in it is lost.`,
    'zh-CN': `\`sudo go env -w\` 会以 root 身份写入该文件。提示中的命令会把它改回你所有，内容不会丢失。`,
  },
  {
    texts: ['problem.goenv-off', 'problem.git-no-global-file'],
    en: `Some CI images and dotfiles switch the files off on purpose. \`gopherbar effective\` shows where. In CI set variables instead of
switching: \`GOPROXY\` in the environment of the job is all that \`go\` needs.`,
    'zh-CN': `有些 CI 镜像和 dotfiles 会有意停用这些文件。\`gopherbar effective\` 会指出在哪里设置。在 CI 中无需切换：在任务的环境变量中设置 \`GOPROXY\` 即可。`,
  },
  {
    texts: ['problem.switch-taken-back'],
    en: `The computer was switched off, or Gopherbar was killed, in the middle of a switch. Nothing needs to be done: \`go\` has the settings from
before it. Delete the folder once you have looked at it.`,
    'zh-CN': `切换过程中电脑断电，或者 Gopherbar 被强制结束。无需处理：\`go\` 已恢复为切换之前的设置。查看之后可以删除该文件夹。`,
  },
  {
    texts: ['problem.runs-program'],
    en: `GOAUTH can name any program, and \`go\` runs it with your rights. A profile that came from someone else could do so, too; so each program
is allowed once, by you.`,
    'zh-CN': `GOAUTH 可以指定任意程序，\`go\` 会以你的权限运行它。来自他人的配置也可能这样做，因此每个程序都需要由你允许一次。`,
  },
];

const VERDICTS: readonly Entry[] = [
  {
    texts: ['verdict.healthy'],
    en: `… and a build fails all the same. The verdict is about the settings of \`go\` in general; a project can have others. Run \`gopherbar why MODULE\` and
\`gopherbar preflight\` in its folder, and give the output of \`go\` to \`gopherbar explain\`. An IDE may have an environment of its own:
\`gopherbar effective\` shows what apps get.`,
    'zh-CN': `……但构建仍然失败。判定针对的是 \`go\` 的整体设置，项目可能另有设置。请在项目目录中运行 \`gopherbar why MODULE\` 和 \`gopherbar preflight\`，并把 \`go\` 的输出
交给 \`gopherbar explain\`。IDE 可能有自己的环境：\`gopherbar effective\` 会显示应用得到的值。`,
  },
  {
    texts: ['tray.down'],
    en: `… and a build works all the same. Modules that were downloaded before come from the cache, and \`go\` contacts no server. The next new module will
fail: \`go clean -modcache\` would show it, but do not try that now.`,
    'zh-CN': `……但构建仍然成功。下载过的模块来自缓存，\`go\` 不会访问任何主机。下一个新模块就会失败：\`go clean -modcache\` 可以验证，但现在请不要这样做。`,
  },
  {
    texts: ['verdict.unproven', 'verdict.unproven-detail'],
    en: `Add the proxy that your GOPROXY names under Settings › Endpoints. Where \`direct\` leads differs from module to module, so a list that begins
with it cannot be judged in general: \`gopherbar why MODULE\` walks it for one.`,
    'zh-CN': `请在“设置 › 端点”中添加 GOPROXY 里列出的代理。\`direct\` 访问的主机因模块而异，以它开头的列表无法笼统判断：\`gopherbar why MODULE\` 可以查看某个模块的
解析路径。`,
  },
  {
    texts: ['note.fake-ip'],
    en: `Not an error. A proxy program with TUN or fake-IP (Clash, sing-box, Surge) answers look-ups itself: what is measured is the way through it. When it
is the proxy that fails, add it as an endpoint of the kind *forward proxy*; Gopherbar then says which of the two it is.`,
    'zh-CN': `这不是错误。启用 TUN 或 fake-IP 的代理程序（Clash、sing-box、Surge）会自行应答域名查询，测得的是经过它的路径。如果怀疑代理本身出了问题，请把它添加为
“正向代理”端点，Gopherbar 就能区分是哪一边。`,
  },
  {
    texts: ['problem.bytes-spent'],
    en: `A full probe of an endpoint costs a few kilobytes, of a module its download. Settings › Probing has the limit, one for metered networks,
and the intervals. \`"bytesPerDay": { "usual": null }\` means no limit.`,
    'zh-CN': `完整探测一个端点需要几 KB，探测模块则相当于下载一次。上限（按流量计费的网络另有一个）和间隔都在“设置 › 探测”中。
\`"bytesPerDay": { "usual": null }\` 表示不设上限。`,
  },
];

const APP: readonly Entry[] = [
  {
    texts: ['problem.engine-running', 'problem.engine-silent'],
    en: `One engine runs for each user: the app, or \`gopherbar watch\`. Commands ask the one that runs. When it is silent, quit it from the menu; if
that does not work, end the process that \`lsof "$HOME/Library/Application Support/Gopherbar/control.sock"\` names.`,
    'zh-CN': `每个用户只运行一个引擎：应用，或者 \`gopherbar watch\`。命令会向正在运行的那个查询。如果它没有响应，请从菜单退出；仍然无效时，结束
\`lsof "$HOME/Library/Application Support/Gopherbar/control.sock"\` 列出的进程。`,
  },
  {
    texts: ['problem.window-died'],
    en: `Only the window is gone; watching, notifications and failover go on. It mostly happens without memory or with a broken graphics driver: try
\`--disable-gpu\` on the app's command line. Please report it with the diagnostics file.`,
    'zh-CN': `只是窗口关闭了，监测、通知和自动切换仍在继续。常见原因是内存不足或显卡驱动有问题：可以在应用的命令行加上 \`--disable-gpu\` 试试。请附上诊断文件反馈问题。`,
  },
  {
    texts: ['settings.login-taken-away', 'settings.login-still-on', 'problem.login-item-failed'],
    en: `macOS has the last word: System Settings › General › Login Items. An app that is started from the disk image, or was moved afterwards, is not
registered: put it into Applications first.`,
    'zh-CN': `以 macOS 为准：“系统设置 › 通用 › 登录项”。直接从磁盘映像启动或之后被移动过的应用无法登记：请先放到“应用程序”文件夹。`,
  },
  {
    texts: ['problem.notifications-unsupported'],
    en: `On Linux a notification service must run (\`notify-send test\` shows one). On a Mac look at System Settings › Notifications › Gopherbar, and at
Focus. Quiet hours and *Mute* of Gopherbar are shown in the popover's header.`,
    'zh-CN': `Linux 上需要运行通知服务（可用 \`notify-send test\` 测试）。Mac 上请检查“系统设置 › 通知 › Gopherbar”以及专注模式。Gopherbar 的免打扰时段和“静音”显示在面板顶部。`,
  },
  {
    texts: ['problem.folder-foreign'],
    en: `Mostly after \`sudo gopherbar\`: run it as yourself. \`sudo chown -R $(id -un) "$HOME/Library/Application Support/Gopherbar"\` takes the folder back.`,
    'zh-CN': `多半是因为用过 \`sudo gopherbar\`：请以自己的身份运行。\`sudo chown -R $(id -un) "$HOME/Library/Application Support/Gopherbar"\` 可收回该文件夹。`,
  },
];

const FILES: readonly Entry[] = [
  {
    texts: ['problem.settings-not-json', 'problem.settings-invalid'],
    en: `\`gopherbar config check\` names the place again, and editors that know JSON Schema mark it as you type
([the schema](schemas/settings.schema.json)). Nothing of the file is lost: Gopherbar does not write it before it is right.`,
    'zh-CN': `\`gopherbar config check\` 会再次指出位置；支持 JSON Schema 的编辑器在输入时就会标出（[格式定义](schemas/settings.schema.json)）。文件内容不会丢失：改正之前
Gopherbar 不会写入它。`,
  },
  {
    texts: ['problem.settings-newer', 'problem.history-newer', 'problem.file-newer'],
    en: `Two versions of Gopherbar use one folder, mostly an older \`gopherbar\` command beside the app: \`which -a gopherbar\`. Keep one of them, or update
the other.`,
    'zh-CN': `两个版本的 Gopherbar 在使用同一个文件夹，多半是应用之外还有较旧的 \`gopherbar\` 命令：\`which -a gopherbar\`。请只保留一个，或升级另一个。`,
  },
  {
    texts: [
      'problem.history-set-aside',
      'problem.history-waiting',
      'problem.history-write-failed',
      'problem.history-replaced',
    ],
    en: `A full disk or a failing one; probing and switching need neither. Free some space, then nothing more is to be done. The damaged file can be sent
with a bug report: it holds hosts and times, no passwords.`,
    'zh-CN': `磁盘已满或出现故障；探测和切换不受影响。清理空间后无需其他操作。损坏的文件可以随问题反馈一起发送：其中有主机和时间，没有密码。`,
  },
];

const SERVICES: readonly Entry[] = [
  {
    texts: ['problem.gateway-port-owner', 'problem.gateway-port-taken', 'problem.metrics-refused'],
    en: `GOPROXY names the gateway's port, so it is kept. *Use port …* on the Gateway page takes a free one; let \`go\` use the
gateway again afterwards. For metrics choose another port under Settings › Data.`,
    'zh-CN': `GOPROXY 中写有网关的端口，因此端口会保持不变。网关页的“改用端口 …”会换成一个空闲端口，之后请让 \`go\` 重新使用网关。指标的端口在“设置 › 数据”中更改。`,
  },
  {
    texts: ['problem.gateway-cache'],
    en: `\`gopherbar gateway stats\` shows how large it is; Settings › Gateway has its limit. Everything in the cache can be downloaded again:
\`gopherbar gateway clear\`.`,
    'zh-CN': `\`gopherbar gateway stats\` 显示缓存大小，上限在“设置 › 网关”中。缓存里的内容都可以重新下载：\`gopherbar gateway clear\`。`,
  },
];

const UPDATES: readonly Entry[] = [
  {
    texts: ['settings.updates-failed'],
    en: `Below it each server is listed with what Gopherbar's own probe of it found. Where GitHub and gopherbar.dev cannot be reached, add a mirror that
you trust under *Update servers*, or a folder of your company. Downloads take the proxy of the system's settings, so a proxy program in system-proxy
mode helps as well.`,
    'zh-CN': `下方会列出每个服务器的探测结果。如果 GitHub 和 gopherbar.dev 都无法访问，请在“更新服务器”中添加你信任的镜像，或公司内部的目录。下载会使用系统代理，因此代理程序的
系统代理模式也有帮助。`,
  },
  {
    texts: ['settings.updates-checksum'],
    en: `The file is not the one that was published: a mirror in the middle of being filled, a proxy that alters downloads, or an attack. Nothing of it was
installed. If it stays so for a day, report it, with the server's name.`,
    'zh-CN': `收到的文件不是发布的那个：镜像正在同步、代理改动了下载内容，或者是攻击。文件没有被安装。如果一天后仍然如此，请反馈，并注明服务器。`,
  },
  {
    texts: ['settings.updates-unsupported'],
    en: `A plain folder on Linux, a start from the sources, and the command line from npm are updated the way they came. The dmg and the AppImage update
themselves.`,
    'zh-CN': `Linux 上的普通目录、从源码启动的应用和 npm 安装的命令行，请用原来的方式更新。dmg 和 AppImage 会自行更新。`,
  },
];

/** In the order of the page. */
export const SECTIONS: readonly Section[] = [
  { title: { en: 'Go, and switching it', 'zh-CN': 'Go 与切换' }, entries: GO },
  { title: { en: 'What the icon says', 'zh-CN': '图标的判定' }, entries: VERDICTS },
  { title: { en: 'The app', 'zh-CN': '应用' }, entries: APP },
  { title: { en: 'Files', 'zh-CN': '文件' }, entries: FILES },
  { title: { en: 'Gateway and metrics', 'zh-CN': '网关与指标' }, entries: SERVICES },
  { title: { en: 'Updates', 'zh-CN': '更新' }, entries: UPDATES },
];
