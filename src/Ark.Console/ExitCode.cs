namespace Ark.Console;

/// <summary>What the program's exit codes mean; the same for every verb.</summary>
public static class ExitCode
{
    /// <summary>Done, or nothing to change.</summary>
    public const int Done = 0;

    public const int Failed = 1;

    /// <summary>Wrong usage or invalid input; nothing was touched.</summary>
    public const int Usage = 2;

    /// <summary>A check failed, or a machine could not be reached in <c>check</c>.</summary>
    public const int CheckFailed = 3;

    /// <summary><c>plan --exit-code</c> found changes.</summary>
    public const int Changes = 4;

    /// <summary>The lock is held, or the world moved since the plan.</summary>
    public const int Refused = 5;

    public const int Interrupted = 130;
}
