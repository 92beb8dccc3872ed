using System.Security.Cryptography;
using System.Text;

namespace Ark.Core;

/// <summary>
/// A value that must never be seen: it prints as <c>•••</c>, compares in constant time, and gives its text only to <see cref="Reveal"/>,
/// so that every place that handles the clear text can be found by searching for that word.
/// </summary>
public sealed class Secret(string text) : IEquatable<Secret>
{
    private readonly string _text = text;

    /// <summary>The clear text. Give it to the program that needs it, through its standard input or a file of mode 0600, never as an argument.</summary>
    public string Reveal() => _text;

    public bool Equals(Secret? other) =>
        other is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(_text), Encoding.UTF8.GetBytes(other._text));

    public override bool Equals(object? obj) => Equals(obj as Secret);

    /// <summary>The same for all secrets: a hash code would tell something of the text.</summary>
    public override int GetHashCode() => 0;

    public override string ToString() => "•••";
}
