using Ark.Core;

namespace Ark.Remote.Execution;

/// <summary>What the commands of jobs and proofs read on stdin, by name; in memory only.</summary>
internal sealed class CommandInputs(IReadOnlyDictionary<string, Secret> contents)
{
    /// <param name="name">Null: the command reads nothing.</param>
    /// <param name="command">As people call it: <c>Job "make it" of metadb</c>.</param>
    /// <exception cref="StepException">It needs a password that nobody said.</exception>
    public Secret? Of(string? name, string command) => name is null ? null
        : contents.TryGetValue(name, out var input) ? input
        : throw new StepException($"{command} needs a password that nobody said. Put it into ark.properties (metadb_password), then: ark secret encrypt");
}
