namespace Ark.Web.Languages;

/// <summary>Where a form or link may lead on to: a path of this host, nothing else.</summary>
public static class LocalPath
{
    public static string Of(string? to) =>
        to is { Length: > 0 and <= 2000 } && to[0] == '/' && (to.Length == 1 || to[1] is not ('/' or '\\')) && !to.Any(char.IsControl) ? to : "/";
}
