using System.Text;
using System.Text.RegularExpressions;
using Ark.Core.Catalog;
using Ark.Core.Sites;
using Ark.Core.Tasks;
using Xunit;

namespace Ark.Core.Tests.Catalog;

/// <summary>
/// Every file that the repository carries for sites, broken at random: the readers never throw, and each refusal says what is wrong and where.
/// ARK_SEEDS sets how many files are broken (thousands for a campaign), ARK_SEED the first seed.
/// </summary>
public sealed partial class BrokenFilesTests
{
    private const string Properties = """
        # A comment
        mode=physical
        aliware_version=3.1.x
        domain=shop.example
        machine_ips=10.0.0.11,\
          10.0.0.12,10.0.0.13
        client_ip=10.0.0.11
        machine_user=deploy
        machine_password=pass\u0041word
        machine_labels={"10.0.0.11":{"nodetype":"drds"}}
        docker_dir=/data/docker
        docker_pools=10.201.0.0/16
        registry_dir=/var/images
        ntp_server=10.0.0.1
        ip_pool_subnet=192.168.1.0/24
        ip_pool_start=10
        ip_pool_end=100
        vlan_id=169
        vlan_gateway=192.168.1.254
        uplink=bond0

        """;

    private static readonly int Seeds = int.Parse(Environment.GetEnvironmentVariable("ARK_SEEDS") ?? "60", System.Globalization.CultureInfo.InvariantCulture);
    private static readonly int First = int.Parse(Environment.GetEnvironmentVariable("ARK_SEED") ?? "1", System.Globalization.CultureInfo.InvariantCulture);
    private static readonly string Root = FindRoot(AppContext.BaseDirectory);

    private static readonly IReadOnlyDictionary<string, string> Catalogue = Directory.EnumerateFiles(Path.Combine(Root, "catalog"), "*", SearchOption.AllDirectories)
        .Select(f => Path.GetRelativePath(Path.Combine(Root, "catalog"), f)).Where(f => !f.StartsWith("schema", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal).ToDictionary(f => f, f => File.ReadAllText(Path.Combine(Root, "catalog", f)));

    [Fact]
    public void A_broken_catalogue_is_read_or_refused_with_places()
    {
        var files = Catalogue.Keys.ToList();
        var refused = 0;
        for (var seed = First; seed < First + Seeds; seed++)
        {
            var breaker = new Breaker(seed);
            var name = files[seed % files.Count];
            var broken = breaker.Break(Catalogue[name]);
            Judge(seed, name, broken, () =>
            {
                var catalogue = new Dictionary<string, string>(Catalogue) { [name] = broken };
                return BaselineReader.Read(catalogue, name.Split('/')[0]).Problems;
            }, ref refused);
        }

        Assert.InRange(refused, Seeds / 10, Seeds);
    }

    [Fact]
    public void A_broken_task_is_read_or_refused_with_places()
    {
        var tasks = new[] { "3.0", "3.1" }.Select(l => File.ReadAllText(Path.Combine(Root, $"lab/demo/{l}/task_demo/task.yaml"))).ToList();
        tasks.Add("""
            schema: 1
            id: "527"
            baseline: open-3.1
            domain: shop.example
            components:
              cache: {count: 3, image: "1.2", machines: {cache-1: 10.0.0.11}, addresses: {cache-2: 192.168.1.20}}
              csb-broker:
                parameters: {routes: "/a=http://10.0.0.5:8080", workers: 2, readTimeout: 1m30s}
                ports: {http: 9080}
            """);
        var baselines = new[] { "open-3.0", "open-3.1" }.ToDictionary(b => b, b => BaselineReader.Read(Catalogue, b).Value!);
        var site = SiteReader.Read(Properties, "p").Value!;
        var refused = 0;
        for (var seed = First; seed < First + (Seeds * 25); seed++)
        {
            var broken = new Breaker(seed).Break(tasks[seed % tasks.Count]);
            Judge(seed, "task.yaml", broken, () =>
            {
                var draft = TaskReader.ReadDraft(broken, "task.yaml");
                Assert.Equal(draft.Problems.All(p => p.Severity != Severity.Error), TaskReader.Read(broken, "task.yaml").Ok);
                return draft.Document is { } document && baselines.TryGetValue(document.Task.Baseline, out var baseline)
                    ? [.. draft.Problems, .. TaskValidation.Validate(document, baseline, site)]
                    : draft.Problems;
            }, ref refused);
        }

        Assert.InRange(refused, Seeds * 5, Seeds * 25);
    }

    [Fact]
    public void Broken_properties_are_read_or_refused_with_places()
    {
        Assert.True(SiteReader.Read(Properties, "p").Ok);
        var refused = 0;
        for (var seed = First; seed < First + (Seeds * 50); seed++)
        {
            var broken = new Breaker(seed).Break(Properties);
            Judge(seed, "ark.properties", broken, () => SiteReader.Read(broken, "ark.properties").Problems, ref refused);
            // What is written into a file, however broken, is read from it, unless the file cannot be read at all.
            if (Encoding.UTF8.GetByteCount(broken) < PropertiesText.MaxBytes)
                Assert.Equal("$(a)\\ü", PropertiesText.Parse(PropertiesWriter.Set(broken, "region", "$(a)\\ü"), "").Find("region")?.Value);
        }

        Assert.InRange(refused, Seeds * 10, Seeds * 50);
    }

    private static void Judge(int seed, string name, string broken, Func<IReadOnlyList<Problem>> read, ref int refused)
    {
        IReadOnlyList<Problem> problems;
        try
        {
            problems = read();
        }
        catch (Exception e) when (e is not Xunit.Sdk.XunitException)
        {
            throw new InvalidOperationException($"seed {seed}, {name}: {e.Message}\n{broken[..Math.Min(broken.Length, 4000)]}", e);
        }

        foreach (var problem in problems)
        {
            var where = $"seed {seed}, {name}: {problem}";
            Assert.True(Code().IsMatch(problem.Code), where);
            Assert.True(problem.Message.Length is > 10 and < 2000 && !problem.Message.Any(c => char.IsControl(c)), where);
            Assert.True(!problem.Remedy.Any(c => char.IsControl(c)) && problem.Remedy.Length < 2000, where);
            Assert.True(problem.Code is "missing-key" or "missing-file" or "unused-file" or "unknown-baseline" or "pool-overlap" || Place().IsMatch(problem.Place), where);
        }

        if (problems.Any(p => p.Severity == Severity.Error)) refused++;
    }

    private static string FindRoot(string folder) => File.Exists(Path.Combine(folder, "Ark.slnx")) ? folder : FindRoot(Path.GetDirectoryName(folder)!);

    [GeneratedRegex(@"\A[a-z]+(-[a-z]+)*\z")]
    private static partial Regex Code();

    [GeneratedRegex(@"\A[^:]+:[0-9]+(:[0-9]+)?\z")]
    private static partial Regex Place();

    /// <summary>Breaks texts, the same way for the same seed.</summary>
    private sealed class Breaker(int seed)
    {
        private static readonly string[] Odd =
        [
            "", " ", "\n", "\t", "\0", "\u0085", "\u2028", "\uFEFF", "\uD800", "💥", "é", "\"", "'", "\\", "{", "}", "[", "]", "{{", "}}", "{%", "%}", "{{{", ":", ": ", "- ", "? ", "|", ">", "&a ", "*a ", "!x ",
            "#", "%", "---\n", "...\n", "<<: ", "~", "null", "true", "-1", "0", "99999999999999999999999999", "1e999", "NaN", ".inf", "0x", "1_000", "999999999T", "0.0000000001", "9999h", "-0", "2147483648",
            "{% for i in (1..999999999) %}x{% endfor %}", "{% assign a = 1 | divided_by: 0 %}", "{{ 'a' | times: 'b' }}", "{{ a.b.c.d }}", "{% include 'x' %}", "{% if %}", "{% endfor %}", "{{ peers[99].address }}",
            "(((((((((((((((", "(a+)+$", "[z-a]", "\\p{Foo}", "$(touch canary)", "`id`", "\r", "\r\n", "\u001b[2J",
        ];

        private readonly Random _random = new(seed);

        public string Break(string text)
        {
            for (var times = 1 + _random.Next(3); times > 0; times--)
                text = Once(text);
            return text;
        }

        private string Once(string text)
        {
            var lines = text.Split('\n').ToList();
            var (line, other) = (_random.Next(lines.Count), _random.Next(lines.Count));
            var (at, length) = (_random.Next(text.Length + 1), _random.Next(12));
            switch (_random.Next(13))
            {
                case 0: lines.RemoveAt(line); break;
                case 1: lines.Insert(other, lines[line]); break;
                case 2: (lines[line], lines[other]) = (lines[other], lines[line]); break;
                case 3: lines[line] = new string(' ', _random.Next(8)) + lines[line].TrimStart(); break;
                case 4: return text[..at];
                case 5: return text.Remove(at, Math.Min(length, text.Length - at));
                case 6: return text.Insert(at, Odd[_random.Next(Odd.Length)]);
                case 7: return at == text.Length ? text : text.Remove(at, 1).Insert(at, ((char)_random.Next(0x250)).ToString());
                case 8: return Value(text, Odd[_random.Next(Odd.Length)]);
                case 9: return Number(text);
                case 10: return text.Insert(at, string.Concat(Enumerable.Repeat(_random.Next(2) == 0 ? "[" : "{a: ", _random.Next(2000))));
                case 11: lines[line] = lines[line] + lines[other]; break;
                default: return text.Insert(at, string.Concat(Enumerable.Repeat(Odd[_random.Next(Odd.Length)], _random.Next(300))));
            }

            return string.Join('\n', lines);
        }

        /// <summary>Another value behind some key.</summary>
        private string Value(string text, string by)
        {
            var values = KeyAndValue().Matches(text);
            if (values.Count == 0) return by;
            var value = values[_random.Next(values.Count)].Groups["value"];
            return text.Remove(value.Index, value.Length).Insert(value.Index, by);
        }

        private string Number(string text)
        {
            var numbers = Digits().Matches(text);
            if (numbers.Count == 0) return text + "9";
            var number = numbers[_random.Next(numbers.Count)];
            string[] others = ["-1", "0", "1", "2", "65536", "4294967296", "999999999999999999999999999999999999", "1e400", "1.5", "00"];
            return text.Remove(number.Index, number.Length).Insert(number.Index, others[_random.Next(others.Length)]);
        }
    }

    [GeneratedRegex(@"[:=] *(?<value>[^\s,{}][^\n,{}]*)")]
    private static partial Regex KeyAndValue();

    [GeneratedRegex(@"[0-9]+")]
    private static partial Regex Digits();
}
