using System.Globalization;
using System.Text.Json;
using Ark.Bench.Panama;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

switch (args)
{
    case ["load", var database, var url, var connection, var rate, var seconds]:
        await Seed.FillAsync(connection);
        var measured = await new Load(url, int.Parse(rate), TimeSpan.FromSeconds(int.Parse(seconds))).RunAsync();
        foreach (var line in measured)
            Console.WriteLine(JsonSerializer.Serialize(line with { Database = database, Load = LoadAverage() }, Figures.Json));
        return 0;
    case ["page", var database, var url, var rounds]:
        foreach (var line in await FirstPage.MeasureAsync(url, int.Parse(rounds)))
            Console.WriteLine(JsonSerializer.Serialize(line with { Database = database, Load = LoadAverage() }, Figures.Json));
        return 0;
    case ["summarise"]:
        Console.WriteLine(JsonSerializer.Serialize(Figures.Summarise(Console.In.ReadToEnd()), Figures.Json));
        return 0;
    default:
        Console.Error.WriteLine("load DATABASE URL CONNECTION RATE SECONDS, page DATABASE URL ROUNDS, or summarise with the measured lines on standard input");
        return 2;
}

static double LoadAverage() => double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0]);
