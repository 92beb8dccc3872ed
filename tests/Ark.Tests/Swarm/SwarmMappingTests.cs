using Ark.Core.Catalog;
using Ark.Core.Planning;
using Ark.Remote.Swarm;
using CsCheck;
using Xunit;
using Engine = Docker.DotNet.Models;

namespace Ark.Tests.Swarm;

public sealed class SwarmMappingTests
{
    private static readonly Gen<string> Word = Gen.Char["abcdefghij-"].Array[1, 6].Select(c => "x" + new string(c) + "y");

    private static readonly Gen<string> Value = Gen.Char["abc =:\"\\/ü方\n$%"].Array[0, 12].Select(c => new string(c));

    private static readonly Gen<TimeSpan> Span = Gen.Int[1, 1_000_000].Select(ms => TimeSpan.FromMilliseconds(ms));

    private static readonly Gen<string> Tmpfs =
        Gen.Select(Word, Gen.Int[0, 4].Select(i => new[] { "", ":size=64m", ":size=65536k", ":mode=1777,size=1g", ":size=1024,mode=700" }[i])).Select((name, options) => $"/{name}{options}");

    private static readonly Gen<FileRef> File = Gen.Select(Word, Word, Gen.Int[0, 0x1FF], Gen.Int[0, 2000], Gen.Int[0, 2000])
        .Select((name, target, mode, user, group) => new FileRef(name, $"/{target}", mode, user, group));

    private static readonly Gen<Healthcheck?> Check = Gen.Select(Word.Array[1, 3], Span, Span, Gen.Int[1, 9], Span)
        .Select((test, interval, timeout, retries, start) => new Healthcheck(["CMD", .. test], interval, timeout, retries, start)).Null();

    private static readonly Gen<(long?, double?, long?, TimeSpan?, bool?)> Optional = Gen.Select(
        Gen.Long[1, 1L << 40].Nullable(), Gen.Int[1, 64_000].Select(m => m / 1000.0).Nullable(), Gen.Long[1, 9999].Nullable(),
        Gen.OneOf(Span, Gen.Const(TimeSpan.FromSeconds(10))).Nullable(), Gen.Bool.Nullable());

    private static readonly Gen<ServiceSpec> Spec =
        from name in Word
        from labels in Gen.Dictionary(Word, Value)[0, 4]
        from environment in Gen.Dictionary(Word, Value)[0, 4]
        from command in Value.Array[1, 4].Null()
        from lists in Gen.Select(Word.Array[0, 3], Word.Array[0, 3], Tmpfs.Array[0, 3], File.Array[0, 3], File.Array[0, 3])
        from volumes in Gen.Select(Word, Word, Gen.Bool).Select((v, t, r) => new VolumeRef(v, "/v" + t, r)).Array[0, 3]
        from check in Check
        from optional in Optional
        from words in Gen.Select(Word.Null(), Word.Null(), Gen.Bool, Span)
        select new ServiceSpec
        {
            Name = name,
            Image = "registry.ark:5000/redis:7@sha256:" + new string('0', 64),
            Labels = new(labels),
            Environment = new(environment),
            Entrypoint = command,
            Command = command?.Reverse().ToArray(),
            Healthcheck = check,
            Volumes = [.. volumes.DistinctBy(v => v.Target)],
            Tmpfs = [.. lists.Item3.DistinctBy(t => t.Split(':')[0])],
            Configs = [.. lists.Item4.DistinctBy(f => f.Target)],
            Secrets = [.. lists.Item5.DistinctBy(f => f.Target)],
            Ulimits = [.. lists.Item1.Distinct().Select(n => new Ulimit(n, 10, 20))],
            Sysctls = new(lists.Item2.Distinct().ToDictionary(n => "net." + n, n => n)),
            CapAdd = [.. lists.Item1.Distinct()],
            CapDrop = [.. lists.Item2.Distinct()],
            User = words.Item1,
            WorkingDir = words.Item2,
            Hostname = words.Item1,
            StopSignal = words.Item2,
            ReadOnly = words.Item3,
            Init = optional.Item5,
            StopGracePeriod = optional.Item4,
            CpuReservation = optional.Item2 ?? 0,
            MemoryReservation = optional.Item1 ?? 0,
            CpuLimit = optional.Item2,
            MemoryLimit = optional.Item1,
            PidsLimit = optional.Item3,
            Machine = "10.0.0.11",
            Network = "host",
            Monitor = words.Item4,
        };

    [Fact]
    public void What_is_written_is_read_back_with_the_same_hash_and_nothing_foreign() => Spec.Sample(
        spec =>
        {
            var reading = SwarmMapping.FromDocker(SwarmMapping.ToDocker(spec, Ids(spec)), Ids(spec));
            Assert.Empty(reading.Foreign);
            Assert.Equal(spec.Hash(), reading.Spec.Hash());
            Assert.Equal(spec.Hash(), reading.WrittenHash);
        },
        iter: 500);

    [Fact]
    public void The_order_in_which_Docker_puts_lists_means_nothing() => Spec.Sample(
        spec =>
        {
            var docker = SwarmMapping.ToDocker(spec, Ids(spec));
            var container = docker.TaskTemplate!.ContainerSpec!;
            container.Mounts = container.Mounts?.Reverse().ToList();
            container.Env = container.Env?.Reverse().ToList();
            container.Configs = container.Configs?.Reverse().ToList();
            container.Ulimits = container.Ulimits?.Reverse().ToList();
            var reading = SwarmMapping.FromDocker(docker, Ids(spec));
            Assert.Empty(reading.Foreign);
            Assert.Equal(spec.Hash(), reading.Spec.Hash());
        },
        iter: 200);

    public static TheoryData<string, Action<Engine.ServiceSpec>> HandMadeChanges => new()
    {
        { "Labels", s => s.Labels!["mine"] = "1" },
        { "Labels", s => s.Labels!.Remove(ArkLabels.Component) },
        { "Environment", s => s.TaskTemplate!.ContainerSpec!.Env = ["LEVEL=debug"] },
        { "Environment", s => s.TaskTemplate!.ContainerSpec!.Env!.Add("MORE=1") },
        { "MemoryLimit", s => s.TaskTemplate!.Resources!.Limits!.MemoryBytes = 1 << 28 },
        { "PidsLimit", s => s.TaskTemplate!.Resources!.Limits!.Pids = 7 },
        { "CapAdd", s => s.TaskTemplate!.ContainerSpec!.CapabilityAdd = ["CAP_SYS_ADMIN"] },
        { "Volumes", s => s.TaskTemplate!.ContainerSpec!.Mounts = [new() { Type = "volume", Source = "v", Target = "/v" }] },
        { "Configs", s => s.TaskTemplate!.ContainerSpec!.Configs![0].ConfigName = "another" },
        { "Healthcheck", s => s.TaskTemplate!.ContainerSpec!.Healthcheck!.Interval = TimeSpan.FromHours(1) },
        { "Machine", s => s.TaskTemplate!.Placement!.Constraints = ["node.labels.ark.machine==10.0.0.12"] },
        { "Network", s => s.TaskTemplate!.Networks![0].Target = "bridge" },
        { "StopGracePeriod", s => s.TaskTemplate!.ContainerSpec!.StopGracePeriod = TimeSpan.FromSeconds(30) },
        { "Monitor", s => s.UpdateConfig!.Monitor = TimeSpan.Zero },
        { "TaskTemplate.ContainerSpec.Mounts[/host].Type=bind", s => s.TaskTemplate!.ContainerSpec!.Mounts = [new() { Type = "bind", Source = "/", Target = "/host" }] },
        { "TaskTemplate.ContainerSpec.Labels.mine=1", s => s.TaskTemplate!.ContainerSpec!.Labels!["mine"] = "1" },
        { "TaskTemplate.ContainerSpec.Labels.ark.task absent", s => s.TaskTemplate!.ContainerSpec!.Labels!.Remove(ArkLabels.Task) },
        { "TaskTemplate.ContainerSpec.DNSConfig.Nameservers[1.1.1.1]=yes", s => s.TaskTemplate!.ContainerSpec!.DNSConfig = new() { Nameservers = ["1.1.1.1"] } },
        { "TaskTemplate.ContainerSpec.Healthcheck.StartInterval=00:00:01", s => s.TaskTemplate!.ContainerSpec!.Healthcheck!.StartInterval = TimeSpan.FromSeconds(1) },
        { "TaskTemplate.ContainerSpec.Privileges.NoNewPrivileges=true", s => s.TaskTemplate!.ContainerSpec!.Privileges = new() { NoNewPrivileges = true } },
        { "TaskTemplate.LogDriver.Name=none", s => s.TaskTemplate!.LogDriver = new() { Name = "none" } },
        { "TaskTemplate.Placement.Constraints[node.role==manager]=yes", s => s.TaskTemplate!.Placement!.Constraints!.Add("node.role==manager") },
        { "TaskTemplate.Placement.MaxReplicas=1", s => s.TaskTemplate!.Placement!.MaxReplicas = 1 },
        { "TaskTemplate.Networks[mine].Target=mine", s => s.TaskTemplate!.Networks!.Add(new() { Target = "mine" }) },
        { "TaskTemplate.RestartPolicy.Condition=none", s => s.TaskTemplate!.RestartPolicy!.Condition = "none" },
        { "Mode.Replicated.Replicas=0", s => s.Mode!.Replicated!.Replicas = 0 },
        { "Mode.Replicated.Replicas=2", s => s.Mode!.Replicated!.Replicas = 2 },
        { "Mode.Replicated.Replicas absent", s => s.Mode = new() { Global = new() } },
        { "UpdateConfig.Order=start-first", s => s.UpdateConfig!.Order = "start-first" },
        { "UpdateConfig.FailureAction absent", s => s.UpdateConfig!.FailureAction = "" },
        { "EndpointSpec.Mode=vip", s => s.EndpointSpec!.Mode = "vip" },
        { "EndpointSpec.Ports[0].PublishedPort=80", s => s.EndpointSpec!.Ports = [new() { PublishedPort = 80, TargetPort = 80, Protocol = "tcp" }] },
    };

    [Theory]
    [MemberData(nameof(HandMadeChanges))]
    public void Every_change_made_by_hand_is_seen(string where, Action<Engine.ServiceSpec> change)
    {
        var spec = Whole();
        var docker = SwarmMapping.ToDocker(spec, Ids(spec));
        change(docker);
        var reading = SwarmMapping.FromDocker(docker, Ids(spec));
        if (where.Contains('.'))
        {
            Assert.Contains(where, reading.Foreign);
            return;
        }

        var field = typeof(ServiceSpec).GetProperty(where)!;
        Assert.NotEqual(Text(field.GetValue(spec)), Text(field.GetValue(reading.Spec)));
        Assert.All(
            typeof(ServiceSpec).GetProperties().Where(p => p.Name != where), p => Assert.Equal(Text(p.GetValue(spec)), Text(p.GetValue(reading.Spec))));
    }

    [Fact]
    public void A_file_of_another_id_than_its_name_says_is_foreign()
    {
        var spec = Whole();
        var docker = SwarmMapping.ToDocker(spec, Ids(spec));
        docker.TaskTemplate!.ContainerSpec!.Configs![0].ConfigID = "stale";
        Assert.Contains("TaskTemplate.ContainerSpec.Configs[/etc/x].ConfigID=stale", SwarmMapping.FromDocker(docker, Ids(spec)).Foreign);
    }

    [Fact]
    public void A_mended_label_of_the_written_spec_does_not_hide_a_change()
    {
        var spec = Whole();
        var docker = SwarmMapping.ToDocker(spec, Ids(spec));
        docker.TaskTemplate!.ContainerSpec!.Env = ["LEVEL=debug"];
        docker.Labels![SwarmMapping.Written] = docker.Labels[SwarmMapping.Written].Replace("info", "debug", StringComparison.Ordinal);
        Assert.Equal("debug", SwarmMapping.FromDocker(docker, Ids(spec)).Spec.Environment["LEVEL"]);
    }

    [Fact]
    public void A_service_that_Ark_never_wrote_is_read_all_the_same()
    {
        var reading = SwarmMapping.FromDocker(
            new() { Name = "theirs", TaskTemplate = new() { ContainerSpec = new() { Image = "nginx" } }, Mode = new() { Global = new() } }, SwarmIds.None);
        Assert.Equal("nginx", reading.Spec.Image);
        Assert.Equal("", reading.WrittenHash);
        Assert.Contains("Mode.Replicated.Replicas absent", reading.Foreign);
    }

    [Fact]
    public void A_file_that_does_not_exist_is_named()
    {
        var failure = Assert.Throws<SwarmException>(() => SwarmMapping.ToDocker(Whole(), SwarmIds.None));
        Assert.Contains("config conf", failure.Message, StringComparison.Ordinal);
        Assert.Contains("cache-1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tmpfs_option_that_Swarm_cannot_express_is_named()
    {
        var spec = Whole() with { Tmpfs = ["/run:noexec"] };
        Assert.Contains("noexec", Assert.Throws<SwarmException>(() => SwarmMapping.ToDocker(spec, Ids(spec))).Message, StringComparison.Ordinal);
    }

    private static ServiceSpec Whole() => new()
    {
        Name = "cache-1",
        Image = "redis",
        Labels = new() { [ArkLabels.Task] = "527", [ArkLabels.Component] = "cache" },
        Environment = new() { ["LEVEL"] = "info" },
        Healthcheck = new(["CMD", "true"], TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), 3, TimeSpan.Zero),
        Configs = [new("conf", "/etc/x", 0x120, 0, 0)],
        CpuReservation = 0.1,
        MemoryReservation = 1 << 20,
        Machine = "10.0.0.11",
        Network = "host",
        Monitor = TimeSpan.FromSeconds(5),
    };

    private static SwarmIds Ids(ServiceSpec spec) => new(
        spec.Configs.Select(f => f.Name).Distinct().ToDictionary(n => n, n => "id-" + n),
        spec.Secrets.Select(f => f.Name).Distinct().ToDictionary(n => n, n => "id-" + n),
        new Dictionary<string, string>());

    private static string Text(object? value) => value switch
    {
        null => "",
        Healthcheck h => $"{string.Join(' ', h.Test)} {h with { Test = [] }}",
        System.Collections.IEnumerable list and not string => string.Join(',', list.Cast<object>()),
        _ => value.ToString() ?? "",
    };
}
