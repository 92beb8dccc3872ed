namespace Ark.Console.Texts;

/// <summary>Titles of checks in Chinese, by id. In English they stand in the checks themselves.</summary>
public static class CheckTitles
{
    public static IReadOnlyDictionary<string, string> Chinese { get; } = new Dictionary<string, string>
    {
        // Access
        ["machine-answers"] = "机器有应答并报告自身信息",
        ["login-not-root"] = "登录使用独立账号，而非 root",
        ["sudo-without-password"] = "登录账号无需询问即可成为 root",
        ["sshd-keys"] = "SSH 服务接受密钥登录",
        ["sshd-sessions"] = "SSH 服务允许每个连接有足够的会话",
        ["sshd-startups"] = "SSH 服务允许足够多的登录同时开始",
        ["sshd-names"] = "SSH 服务在登录时不反查名称",

        // System
        ["os-supported"] = "操作系统受方舟支持",
        ["architecture"] = "系统为 64 位",
        ["kernel-version"] = "内核版本不低于 3.10",
        ["service-manager"] = "服务由 systemd 管理",
        ["cgroup-controllers"] = "内核可限制容器的处理器、内存和进程数",
        ["machine-kind"] = "机器类型与部署模式相符",
        ["os-same"] = "所有机器运行相同的操作系统",
        ["kernel-same"] = "所有机器运行相同的内核",
        ["architecture-same"] = "所有机器的体系结构相同",
        ["cgroups-same"] = "所有机器的控制组版本相同",

        // Hardware
        ["cpu-count"] = "机器至少有 2 个处理器",
        ["cpu-instructions"] = "处理器支持 SSE 4.2",
        ["cpu-aes"] = "处理器支持硬件加密",
        ["cpu-governor"] = "处理器以全速运行",
        ["memory-size"] = "机器至少有 4 GB 内存",
        ["swap-off"] = "没有使用交换分区",
        ["swap-after-reboot"] = "重启后也不使用交换分区",
        ["huge-pages"] = "未强制使用透明大页",

        // Clock
        ["clock-offset"] = "所有时钟相差不超过半秒",
        ["time-service"] = "有服务校准时钟",
        ["time-service-at-boot"] = "重启后该服务自动启动",
        ["time-synchronised"] = "时钟已同步",
        ["time-source"] = "时钟跟随站点的时间服务器",
        ["time-zone-same"] = "所有机器的时区相同",

        // Names
        ["host-name-set"] = "机器有自己的主机名",
        ["host-name-valid"] = "主机名可被程序接受",
        ["host-names-unique"] = "没有两台机器的主机名相同",
        ["host-name-after-reboot"] = "重启后主机名不变",
        ["host-name-resolves"] = "机器能将自己的主机名解析为自己的地址",
        ["machine-ids-unique"] = "没有两台机器的 machine-id 相同",
        ["name-servers"] = "机器配置了域名服务器",
        ["no-wildcard-names"] = "不存在的名称不会被解析",

        // Network
        ["address-on-interface"] = "机器的地址在其某个网卡上",
        ["interface-names-same"] = "承载地址的网卡在所有机器上名称相同",
        ["mtu-same"] = "承载地址的网卡在所有机器上 MTU 相同",
        ["interface-up"] = "承载地址的网卡已启用",
        ["interface-speed"] = "承载地址的网卡速率不低于 1 Gbit/s",
        ["interface-errors"] = "承载地址的网卡错误很少",
        ["default-route"] = "机器有且仅有一条默认路由",
        ["addresses-unique"] = "没有两台机器的地址相同",
        ["macs-unique"] = "没有两台机器的硬件地址相同",
        ["neighbours-agree"] = "每个地址由其机器的硬件地址应答",
        ["docker-pools-clear"] = "Docker 的地址段没有他人使用",
        ["name-servers-clear"] = "没有域名服务器落在容器的地址段内",
        ["pool-clear"] = "容器的 VLAN 不是机器的网络",
        ["pool-free"] = "地址池中没有地址被占用",
        ["vlan-not-the-machines"] = "机器自身没有网卡在容器的 VLAN 中",
        ["uplink-exists"] = "上联网卡存在",
        ["uplink-up"] = "上联网卡已启用",
        ["uplink-tagged"] = "上联网卡可传输带标签的帧",
        ["uplink-free"] = "上联网卡不是他人网桥的端口",
        ["ways-free"] = "机器之间在方舟所需的端口上互通",
        ["bandwidth"] = "任意两台机器之间带宽不低于 800 Mbit/s",
        ["latency"] = "机器之间 10 毫秒内应答",

        // Security
        ["firewall"] = "防火墙已关闭，或放行方舟所需的端口",
        ["firewall-at-boot"] = "现已关闭的防火墙重启后不会启动",
        ["selinux"] = "SELinux 已关闭",
        ["selinux-at-boot"] = "重启后 SELinux 保持关闭",

        // Kernel
        ["ip-forwarding"] = "IPv4 转发已开启",
        ["max-map-count"] = "程序可映射 262144 个内存区域",
        ["somaxconn"] = "可有 4096 个连接等待接受",
        ["bridge-filter"] = "经过网桥的数据包通过包过滤器",
        ["reverse-path"] = "从其他路径返回的应答不会被丢弃",
        ["swappiness"] = "内核尽量不使用交换",
        ["inotify-watches"] = "可监视 65536 个文件",
        ["inotify-instances"] = "一个账号的 128 个程序可监视文件",
        ["file-max"] = "整台机器可打开 262144 个文件",
        ["pid-max"] = "整台机器可有 32768 个线程",
        ["port-range"] = "外出连接的端口与实例监听的端口不重叠",
        ["module-overlay"] = "内核支持 overlay 文件系统",
        ["module-br-netfilter"] = "内核可过滤经过网桥的数据包",
        ["module-nf-conntrack"] = "内核可跟踪连接",
        ["module-openvswitch"] = "内核有 Open vSwitch 的数据通路",

        // Limits
        ["umask"] = "新建的文件他人可读",
        ["open-files"] = "一次登录可打开 1024 个文件",
        ["processes"] = "一次登录可启动 2048 个进程",
        ["core-files"] = "崩溃的程序不会写满磁盘",

        // Storage
        ["raw-disk"] = "机器有 2.4 TB 磁盘，可用 1.2 TB",
        ["raid"] = "内核的磁盘阵列为 RAID 10",
        ["arms-disks"] = "ARMS 有大磁盘的机器",
        ["docker-dir-room"] = "Docker 的目录有足够空间",
        ["docker-dir-type"] = "Docker 的目录在 Docker 支持的文件系统上",
        ["docker-dir-ftype"] = "Docker 目录所在的 XFS 文件系统记录文件类型",
        ["docker-dir-options"] = "Docker 目录的挂载选项允许运行其中的程序",
        ["docker-dir-inodes"] = "Docker 的目录还有 inode",
        ["docker-dir-rights"] = "只有 root 可写 Docker 的目录",
        ["disk-sync"] = "Docker 目录所在磁盘 10 毫秒内写完",
        ["file-systems-room"] = "方舟使用的文件系统都未接近写满",
        ["registry-room"] = "客户端有存放镜像包的空间",

        // Software
        ["package-source"] = "已配置软件源",
        ["not-minimal"] = "系统不是最小化安装",
        ["common-tools"] = "已安装常用工具",
        ["no-conflicts"] = "没有妨碍 Docker 的软件包",
        ["docker-api"] = "Docker 的 API 版本可用",
        ["docker-root"] = "Docker 的数据在站点指定的目录",
        ["docker-storage"] = "Docker 用 overlay 叠放镜像",
        ["swarm-state"] = "机器的 Swarm 状态正常",
        ["docker-same"] = "装有 Docker 的机器版本相同",

        // Ports
        ["base-ports-free"] = "Swarm 和镜像仓库的端口空闲",
        ["task-ports-free"] = "将部署的实例的端口空闲",

        // Plan
        ["plan-memory"] = "内存足够部署计划的实例",
        ["plan-disk"] = "磁盘足够部署计划的实例",
        ["plan-processors"] = "处理器足够部署计划的实例",

        // Database
        ["database-version"] = "客户的 MySQL 不低于 5.6",
        ["database-characters"] = "客户的 MySQL 使用 UTF-8",
        ["database-names"] = "客户的 MySQL 表名不区分大小写",
        ["database-rights"] = "账号可在客户的 MySQL 中创建数据库和账号",

        // People
        ["ask-ntp"] = "提供了 NTP 服务器",
        ["ask-account"] = "所有机器共用一个账号和密码：有 sudo 权限的非 root 账号（root 也可，但有警告）",
        ["ask-vlan"] = "有一个独立的 VLAN，不是机器所在的 VLAN，除网关外地址全部空闲，与机器互通；已给出网段、网关和编号",
        ["ask-trunks"] = "连接机器的交换机端口为 trunk，放行机器和容器的 VLAN",
        ["ask-tagged-nics"] = "机器的网卡使用 tagged 模式",
        ["ask-root-rights"] = "已给予 root 权限；部署后可修改",
        ["ask-jump-host"] = "有可访问互联网的跳板机，可下载软件包并复制到本地机器",
        ["ask-disks"] = "机器至少有 2.4 TB 裸磁盘（可用 1.2 TB），数据盘为 RAID 10",
        ["ask-domain"] = "已确认中间件的根域名及接入方式：机器使用方舟的域名服务器，或由公司的域名服务器转发",
        ["ask-drds-tests"] = "DRDS 测试有 2 台机器（虚拟机即可），磁盘至少 200 GB",
        ["ask-edas-tests"] = "EDAS 测试有 2 台机器作为 agent 节点（虚拟机即可）",
        ["ask-sms"] = "有短信网关：可接收 Butler 的 JSON POST 的接口",
        ["ask-mail"] = "有邮件服务器：Butler 邮件通知所需的 SMTP 信息",
        ["ask-arms-disks"] = "ARMS 有专用的大磁盘机器（物理机）或大磁盘（虚拟机）",
    };
}
