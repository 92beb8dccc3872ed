using System.Globalization;
using System.Resources;

namespace Ark.Console.Texts;

/// <summary>What the console says in the person's language: English, or Chinese by <c>--lang zh-CN</c> or <c>LANG</c>.</summary>
public static class Text
{
    private static readonly ResourceManager Resources = new("Ark.Console.Texts.Text", typeof(Text).Assembly);

    /// <summary>Set once, from the command line or the environment.</summary>
    public static CultureInfo Language { get; set; } = FromEnvironment();

    public static string SetupTitle => Get(nameof(SetupTitle));

    public static string StepPrepare => Get(nameof(StepPrepare));

    public static string StepCheck => Get(nameof(StepCheck));

    public static string StepBase => Get(nameof(StepBase));

    public static string StepNetwork => Get(nameof(StepNetwork));

    public static string StepDeploy => Get(nameof(StepDeploy));

    public static string DeployImages => Get(nameof(DeployImages));

    public static string DeployMetadb30 => Get(nameof(DeployMetadb30));

    public static string DeployMetadb31 => Get(nameof(DeployMetadb31));

    public static string DeployHaproxy => Get(nameof(DeployHaproxy));

    public static string DeployDncs => Get(nameof(DeployDncs));

    public static string DeployMiddleware => Get(nameof(DeployMiddleware));

    public static string DeployAll => Get(nameof(DeployAll));

    public static string Choose => Get(nameof(Choose));

    /// <summary>{0}: what was typed.</summary>
    public static string NoSuchEntry => Get(nameof(NoSuchEntry));

    public static string NothingHere => Get(nameof(NothingHere));

    public static string Quit => Get(nameof(Quit));

    public static string Back => Get(nameof(Back));

    /// <summary>{0}: exit code.</summary>
    public static string Failed => Get(nameof(Failed));

    public static string Instance => Get(nameof(Instance));

    public static string Machine => Get(nameof(Machine));

    public static string Address => Get(nameof(Address));

    public static string Image => Get(nameof(Image));

    public static string Health => Get(nameof(Health));

    public static string Proof => Get(nameof(Proof));

    public static string Machines => Get(nameof(Machines));

    public static string Component => Get(nameof(Component));

    public static string Product => Get(nameof(Product));

    public static string Instances => Get(nameof(Instances));

    public static string Source => Get(nameof(Source));

    public static string Rule => Get(nameof(Rule));

    public static string Amount => Get(nameof(Amount));

    public static string Number => Get(nameof(Number));

    public static string Beside => Get(nameof(Beside));

    public static string Size => Get(nameof(Size));

    public static string Name => Get(nameof(Name));

    public static string Role => Get(nameof(Role));

    public static string Work => Get(nameof(Work));

    public static string Days => Get(nameof(Days));

    public static string NearestRow => Get(nameof(NearestRow));

    public static string Notes => Get(nameof(Notes));

    public static string Rules => Get(nameof(Rules));

    public static string MachineType => Get(nameof(MachineType));

    public static string StandsOn => Get(nameof(StandsOn));

    public static string Carries => Get(nameof(Carries));

    public static string Needs => Get(nameof(Needs));

    public static string Addresses => Get(nameof(Addresses));

    public static string Disks => Get(nameof(Disks));

    public static string Published => Get(nameof(Published));

    public static string Computed => Get(nameof(Computed));

    public static string AcceptanceMachines => Get(nameof(AcceptanceMachines));

    public static string TestMachines => Get(nameof(TestMachines));

    public static string BusinessDatabases => Get(nameof(BusinessDatabases));

    public static string FtpServer => Get(nameof(FtpServer));

    public static string EdasNodes => Get(nameof(EdasNodes));

    public static CultureInfo Parse(string language) => language.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? new CultureInfo("zh-CN") : CultureInfo.InvariantCulture;

    private static CultureInfo FromEnvironment() =>
        Parse(Environment.GetEnvironmentVariable("LC_ALL") is { Length: > 0 } all ? all : Environment.GetEnvironmentVariable("LANG") ?? "");

    private static string Get(string name) => Resources.GetString(name, Language) ?? name;
}
