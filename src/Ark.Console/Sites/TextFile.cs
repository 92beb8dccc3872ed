using System.Text;
using Ark.Core;

namespace Ark.Console.Sites;

/// <summary>Reads what a person may have written: within a limit, and only what is text.</summary>
internal static class TextFile
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text without a byte order mark; why it cannot be read otherwise.</summary>
    /// <param name="place">As problems name the file.</param>
    /// <param name="longest">In bytes.</param>
    public static Outcome<string> Read(string file, string place, long longest)
    {
        try
        {
            var length = new FileInfo(file).Length;
            if (length > longest)
                return Outcome<string>.Fail(new Problem("too-long", place, $"The file has {length} bytes; at most {longest} are read.", "look at what it is"));
            var bytes = File.ReadAllBytes(file);
            try
            {
                return Outcome<string>.Of(Strict.GetString(bytes).TrimStart('\uFEFF'));
            }
            catch (DecoderFallbackException e)
            {
                var line = 1 + bytes.AsSpan(0, Math.Clamp(e.Index, 0, bytes.Length)).Count((byte)'\n');
                return Outcome<string>.Fail(new Problem("not-text", $"{place}:{line}", "The file is no UTF-8 text from this line on.", "save it as UTF-8, comments too"));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Outcome<string>.Fail(new Problem("unreadable", place, e.Message, $"ls -l {file}"));
        }
    }
}
