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

    public static CultureInfo Parse(string language) => language.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? new CultureInfo("zh-CN") : CultureInfo.InvariantCulture;

    private static CultureInfo FromEnvironment() =>
        Parse(Environment.GetEnvironmentVariable("LC_ALL") is { Length: > 0 } all ? all : Environment.GetEnvironmentVariable("LANG") ?? "");

    private static string Get(string name) => Resources.GetString(name, Language) ?? name;
}
