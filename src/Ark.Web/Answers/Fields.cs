using Ark.Core;

namespace Ark.Web.Answers;

/// <summary>Collects what is wrong with the fields of a request, all at once.</summary>
public sealed class Fields
{
    private readonly List<Problem> _problems = [];

    public IReadOnlyList<Problem> Problems => _problems;

    public void Add(string field, string code, string message, string remedy = "") => _problems.Add(new(code, field, message, remedy));

    /// <summary>A line of text: no control characters, not longer than <paramref name="max"/>, and there if <paramref name="needed"/>.</summary>
    public string Line(string field, string? value, int max, bool needed = true)
    {
        var text = value?.Trim() ?? "";
        if (text.Length == 0 && needed)
            Add(field, "missing-value", $"{field} has no value.");
        else if (text.Length > max)
            Add(field, "too-long", $"{field} is longer than {max} characters.");
        else if (text.Any(char.IsControl))
            Add(field, "bad-value", $"{field} holds a control character.");
        return text;
    }

    /// <summary>Several lines of text.</summary>
    public string Text(string field, string? value, int max)
    {
        var text = value?.Trim() ?? "";
        if (text.Length > max)
            Add(field, "too-long", $"{field} is longer than {max} characters.");
        return text;
    }
}
