using System.Text.Json;
using System.Text.Json.Serialization;
using Ark.Core;
using Ark.Core.Checks;

namespace Ark.Console.Sites;

/// <summary>What people answered to the requirements that no machine can answer, in <c>var/answers.json</c>.</summary>
public static partial class AnswerFile
{
    private const int Schema = 1;
    private const long Longest = 1 << 20;

    /// <summary>Requirement's number to the last answer; none where nobody answered yet.</summary>
    public static Outcome<IReadOnlyDictionary<int, Answer>> Read(SiteFolder folder)
    {
        if (!File.Exists(folder.Answers)) return Outcome<IReadOnlyDictionary<int, Answer>>.Of(new Dictionary<int, Answer>());
        var place = Path.GetRelativePath(folder.Root, folder.Answers);
        var text = TextFile.Read(folder.Answers, place, Longest);
        if (!text.Ok) return Outcome<IReadOnlyDictionary<int, Answer>>.Fail(text.Problems);
        try
        {
            if (JsonSerializer.Deserialize(text.Value, AnswerJson.Default.Content) is { Schema: Schema, Answers: var answers } && answers.Values.All(a => a is not null))
                return Outcome<IReadOnlyDictionary<int, Answer>>.Of(answers);
        }
        catch (JsonException)
        {
            // Said below, as for a file of another schema.
        }

        return Outcome<IReadOnlyDictionary<int, Answer>>.Fail(new Problem("bad-answers", place, $"The file does not hold answers of schema {Schema}.", $"mv {folder.Answers} {folder.Answers}.bad, and answer again: ark check --answer N yes"));
    }

    /// <summary>Keeps one more answer; readers see the old file or the new one.</summary>
    public static void Write(SiteFolder folder, IReadOnlyDictionary<int, Answer> answers)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.Answers)!);
        var fresh = folder.Answers + ".new";
        File.WriteAllText(fresh, JsonSerializer.Serialize(new Content(Schema, new(answers.ToDictionary(a => a.Key, a => a.Value))), AnswerJson.Default.Content) + "\n");
        File.Move(fresh, folder.Answers, overwrite: true);
    }

    internal sealed record Content(int Schema, SortedDictionary<int, Answer> Answers);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
    [JsonSerializable(typeof(Content))]
    internal sealed partial class AnswerJson : JsonSerializerContext;
}
