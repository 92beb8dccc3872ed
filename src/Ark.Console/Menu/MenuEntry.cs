namespace Ark.Console.Menu;

/// <summary>One line of a menu: it opens another menu, or equals a command.</summary>
/// <param name="Key">What a person types: <c>1</c>, <c>task_527</c>.</param>
/// <param name="Commands">Arguments of the commands that it equals, run in order until one fails.</param>
/// <param name="AskEach">Each command is asked about with y/n.</param>
public sealed record MenuEntry(string Key, string Title, IReadOnlyList<IReadOnlyList<string>> Commands, bool AskEach = false)
{
    public IReadOnlyList<MenuEntry> Entries { get; init; } = [];

    public static MenuEntry Command(string key, string title, params string[] arguments) => new(key, title, [arguments]);

    public static MenuEntry Submenu(string key, string title, IReadOnlyList<MenuEntry> entries) => new(key, title, []) { Entries = entries };
}
