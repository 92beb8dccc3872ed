using System.Text.RegularExpressions;

namespace Ark.Core.Catalog;

/// <summary>The words that a catalogue may use: each is harmless in a service's name, a label, a file's path and a command.</summary>
internal static partial class Words
{
    public const string NameForm = "lower-case letters, digits and dashes, beginning with a letter, at most 40";
    public const string IdentifierForm = "letters, digits and underscores, beginning with a letter";
    public const string TargetForm = "an absolute path without '..', spaces or signs";
    public const string ImageForm = "an image's name, or name:tag";

    /// <summary>Names of components, ports, volumes and labels of DNS.</summary>
    [GeneratedRegex(@"^[a-z]([a-z0-9-]{0,38}[a-z0-9])?\z")]
    public static partial Regex Name();

    /// <summary>Names that templates use behind a dot.</summary>
    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_]{0,62}\z")]
    public static partial Regex Identifier();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}\z")]
    public static partial Regex Baseline();

    [GeneratedRegex(@"^/(?!.*(^|/)\.\.?(/|$))[A-Za-z0-9._@/+-]{0,250}\z")]
    public static partial Regex Target();

    /// <summary>A path within the component's folder.</summary>
    [GeneratedRegex(@"^(?!.*(^|/)\.\.?(/|$))[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*\z")]
    public static partial Regex Source();

    [GeneratedRegex(@"^[a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?\z")]
    public static partial Regex Image();

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_.-]*\z")]
    public static partial Regex EnvironmentName();

    [GeneratedRegex(@"^[A-Za-z0-9]([A-Za-z0-9._/-]{0,61}[A-Za-z0-9])?\z")]
    public static partial Regex Label();

    [GeneratedRegex(@"^[A-Z][A-Z0-9_]{1,40}\z")]
    public static partial Regex Capability();

    [GeneratedRegex(@"^[a-z][a-z0-9_]*(\.[a-zA-Z0-9_*-]+)+\z")]
    public static partial Regex Sysctl();

    [GeneratedRegex(@"^[a-z]{2,12}\z")]
    public static partial Regex Ulimit();

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,31})?\z")]
    public static partial Regex User();

    [GeneratedRegex(@"^(SIG[A-Z0-9+-]{2,10}|[1-9][0-9]?)\z")]
    public static partial Regex Signal();

    [GeneratedRegex(@"^0?[0-7]{3}\z")]
    public static partial Regex Mode();

    [GeneratedRegex(@"^/[A-Za-z0-9._~/?=&%-]*\z")]
    public static partial Regex HttpPath();

    /// <summary>A host name, dots allowed.</summary>
    [GeneratedRegex(@"^(?=.{1,253}\z)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*\z")]
    public static partial Regex HostName();

    /// <summary>Ends as an instance's name does: <c>-1</c>.</summary>
    [GeneratedRegex(@"-[0-9]+\z")]
    public static partial Regex InstanceEnding();

    /// <summary>Compose's and the shell's way to set a variable in.</summary>
    [GeneratedRegex(@"\$\{[A-Za-z_]")]
    public static partial Regex Interpolation();
}
