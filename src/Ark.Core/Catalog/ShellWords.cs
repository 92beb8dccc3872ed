using System.Text;

namespace Ark.Core.Catalog;

/// <summary>Splits a command line as Compose does: at spaces, with quotes and backslashes, without a shell.</summary>
internal static class ShellWords
{
    public static IReadOnlyList<string> Split(string line)
    {
        List<string> words = [];
        var word = new StringBuilder();
        var (quote, begun) = ('\0', false);
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (c == '\\' && quote != '\'' && i + 1 < line.Length)
                (begun, _) = (true, word.Append(line[++i]));
            else if (quote == '\0' && c is ('\'' or '"'))
                (quote, begun) = (c, true);
            else if (quote == c && quote != '\0')
                quote = '\0';
            else if (quote == '\0' && char.IsWhiteSpace(c))
                End();
            else
                (begun, _) = (true, word.Append(c));
        }

        End();
        return words;

        void End()
        {
            if (begun)
                words.Add(word.ToString());
            word.Clear();
            begun = false;
        }
    }
}
