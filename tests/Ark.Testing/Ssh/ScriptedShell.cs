using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Ark.Core;
using Ark.Remote.Ssh;

namespace Ark.Testing.Ssh;

/// <summary>
/// A machine that answers from a list and remembers what it was asked. The first rule whose pattern is found in the script answers; a script
/// that no rule knows is a failure of the test.
/// </summary>
public sealed class ScriptedShell(string machine, bool needsSudo = false) : IRemoteShell
{
    private readonly Lock _gate = new();
    private readonly List<(Regex Pattern, Func<RemoteCommand, CommandResult> Answer)> _rules = [];
    private readonly List<RemoteCommand> _ran = [];
    private readonly Dictionary<string, ScriptedFile> _files = [];
    private readonly List<(Regex Pattern, Func<RemoteStream> Answer)> _streams = [];

    public string Machine => machine;

    public bool NeedsSudo => needsSudo;

    /// <summary>Every command that was run or opened, in order.</summary>
    public IReadOnlyList<RemoteCommand> Ran
    {
        get
        {
            lock (_gate)
                return [.. _ran];
        }
    }

    /// <summary>The files that were uploaded, by path.</summary>
    public IReadOnlyDictionary<string, ScriptedFile> Files
    {
        get
        {
            lock (_gate)
                return new Dictionary<string, ScriptedFile>(_files);
        }
    }

    /// <summary>Scripts in which the pattern is found print this and exit 0.</summary>
    public ScriptedShell On(string pattern, string output = "") => On(pattern, _ => new CommandResult(0, output, ""));

    /// <summary>Scripts in which the pattern is found end like this.</summary>
    public ScriptedShell On(string pattern, int exitCode, string output, string error) =>
        On(pattern, _ => new CommandResult(exitCode, output, error));

    /// <summary>Scripts in which the pattern is found are answered by a function; what it throws, <see cref="RunAsync"/> throws.</summary>
    public ScriptedShell On(string pattern, Func<RemoteCommand, CommandResult> answer)
    {
        lock (_gate)
            _rules.Add((new Regex(pattern, RegexOptions.Singleline), answer));
        return this;
    }

    /// <summary>Scripts in which the pattern is found open this stream.</summary>
    public ScriptedShell OnOpen(string pattern, Func<RemoteStream> stream)
    {
        lock (_gate)
            _streams.Add((new Regex(pattern, RegexOptions.Singleline), stream));
        return this;
    }

    /// <summary>From now on the machine is gone: everything throws as it would with a cut network.</summary>
    public bool Gone { get; set; }

    public Task<CommandResult> RunAsync(RemoteCommand command, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Func<RemoteCommand, CommandResult>? answer;
        lock (_gate)
        {
            Answer();
            _ran.Add(command);
            answer = _rules.Where(r => r.Pattern.IsMatch(command.Script)).Select(r => r.Answer).FirstOrDefault();
        }
        return answer is null
            ? throw new InvalidOperationException($"{machine} was asked something that no rule knows: {command.Script}")
            : Task.FromResult(answer(command));
    }

    public async Task<UploadResult> UploadAsync(
        Stream content, string remotePath, UploadOptions options, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        Answer();
        content.Position = 0;
        using var copy = new MemoryStream();
        await content.CopyToAsync(copy, cancellationToken).ConfigureAwait(false);
        var file = new ScriptedFile(copy.ToArray(), options);
        bool same;
        lock (_gate)
        {
            same = _files.TryGetValue(remotePath, out var before) && before.Content.AsSpan().SequenceEqual(file.Content);
            _files[remotePath] = file;
        }
        progress?.Report(file.Content.Length);
        return new UploadResult(Convert.ToHexStringLower(SHA256.HashData(file.Content)), file.Content.Length, same ? 0 : file.Content.Length);
    }

    public Task<RemoteStream> OpenAsync(RemoteCommand command, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Func<RemoteStream>? stream;
        lock (_gate)
        {
            Answer();
            _ran.Add(command);
            stream = _streams.Where(r => r.Pattern.IsMatch(command.Script)).Select(r => r.Answer).FirstOrDefault();
        }
        return stream is null
            ? throw new InvalidOperationException($"{machine} was asked to open something that no rule knows: {command.Script}")
            : Task.FromResult(stream());
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Answer()
    {
        if (Gone)
            throw new RemoteException(new Problem("ssh-lost", machine, "The machine has not answered."));
    }
}

/// <summary>A file as it was uploaded.</summary>
public sealed record ScriptedFile(byte[] Content, UploadOptions Options)
{
    public string Text => Encoding.UTF8.GetString(Content);
}
