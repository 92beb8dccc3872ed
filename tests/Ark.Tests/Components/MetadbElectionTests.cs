using System.Diagnostics;
using Ark.Testing;
using Xunit;

namespace Ark.Tests.Components;

/// <summary>
/// The rules by which nodes of the metadata database decide who starts the cluster: the real script's <c>decide</c>, given what peers answer.
/// </summary>
public sealed class MetadbElectionTests
{
    private const string A = "11111111-0000-0000-0000-000000000001", B = "22222222-0000-0000-0000-000000000002";

    /// <summary>What one node publishes; null in a list of nodes: it does not answer.</summary>
    private sealed record Node(string State = "electing", string Kind = "data", string Uuid = A, long Position = 100, string View = "n1,n2,n3", string Choice = "", int Starts = 1, string Writable = "no")
    {
        public static Node Empty => new(Kind: "empty", Uuid: "", Position: -1, View: "", Starts: 0);

        public static Node Primary => new(State: "primary", Writable: "yes");
    }

    private sealed record Verdict(string Word, string With, string Choice, string Reason);

    [Fact]
    public void A_node_that_comes_back_joins_the_primary_component()
    {
        Assert.Equal(("join", "n3"), Join(Decide(1, new Node(Position: 999), null, Node.Primary)));
        Assert.Equal(("join", "n2"), Join(Decide(1, Node.Empty, Node.Primary, null)));
    }

    [Fact]
    public void A_writable_component_is_preferred_to_a_lonely_one() =>
        Assert.Equal(("join", "n2"), Join(Decide(1, new Node(), Node.Primary, Node.Primary with { Writable = "no" })));

    [Fact]
    public void Data_of_another_cluster_are_never_overwritten()
    {
        var verdict = Decide(1, new Node(Uuid: B), Node.Primary, Node.Primary);
        Assert.Equal("wait", verdict.Word);
        Assert.Contains("I do not overwrite them", verdict.Reason, StringComparison.Ordinal);
        Assert.Contains("different clusters", Decide(1, new Node(Uuid: B), new Node(), new Node()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_cluster_begins_at_the_first_node_once_all_are_there_and_empty()
    {
        Assert.Equal("new", Decide(1, Node.Empty, Node.Empty with { Choice = "n1" }, Node.Empty with { Choice = "n1" }).Word);
        Assert.Equal(("wait", "n1"), Chosen(Decide(2, Node.Empty, Node.Empty, Node.Empty)));
        Assert.Equal("new", Decide(1, Node.Empty).Word);
    }

    [Fact]
    public void An_empty_node_begins_nothing_while_another_may_have_data()
    {
        Assert.Equal("wait", Decide(1, Node.Empty, Node.Empty with { Choice = "n1" }, null).Word);
        Assert.Equal("wait", Decide(1, Node.Empty, Node.Empty with { Choice = "n1" }, new Node(Kind: "partial", Uuid: "") with { Choice = "n1" }).Word);
        Assert.Equal(("wait", "n3"), Chosen(Decide(1, Node.Empty, Node.Empty, new Node())));
    }

    [Fact]
    public void The_node_with_the_latest_data_starts_the_cluster_once_a_majority_names_it()
    {
        var ahead = new Node(Position: 101);
        Assert.Equal(("wait", "n2"), Chosen(Decide(1, new Node(), ahead, new Node())));
        Assert.Equal("wait", Decide(2, new Node(), ahead, new Node()).Word);
        Assert.Equal("bootstrap", Decide(2, new Node(), ahead, new Node(Choice: "n2")).Word);
    }

    [Fact]
    public void The_first_of_equals_is_chosen() =>
        Assert.Equal(("wait", "n1"), Chosen(Decide(3, new Node(), new Node(), new Node())));

    [Fact]
    public void Who_took_part_in_the_last_start_is_ahead_of_one_who_did_not() =>
        Assert.Equal(("wait", "n3"), Chosen(Decide(1, new Node(Position: 900), new Node(Position: 500, Starts: 2), new Node(Position: 501, Starts: 2))));

    [Fact]
    public void A_minority_never_starts()
    {
        Assert.Equal("wait", Decide(1, 9999, new Node(View: "n1"), null, null).Word);
        Assert.Equal("wait", Decide(1, 9999, new Node(View: "n1"), Node.Empty with { Choice = "n1" }, null).Word);
        Assert.Equal("wait", Decide(1, 9999, new Node(View: "n1"), new Node(Choice: "n1", Position: 5), null, null, null).Word);
    }

    [Fact]
    public void A_majority_goes_on_at_once_without_a_node_that_had_left_before()
    {
        Assert.Equal("bootstrap", Decide(1, new Node(View: "n1,n2"), new Node(View: "n1,n2", Choice: "n1"), null).Word);
        Assert.Equal("bootstrap", Decide(1, new Node(View: "n1"), new Node(View: "n1,n2", Position: 99, Choice: "n1"), null).Word);
    }

    [Fact]
    public void A_majority_waits_for_a_node_that_may_know_later_writes_and_then_says_what_it_gives_up()
    {
        var waits = Decide(1, 0, new Node(), new Node(Choice: "n1"), null);
        Assert.Equal(("wait", "n1"), Chosen(waits));
        Assert.Contains("n3 may know later writes than n1", waits.Reason, StringComparison.Ordinal);
        var goes = Decide(1, 601, new Node(), new Node(Choice: "n1"), null);
        Assert.Equal("bootstrap", goes.Word);
        Assert.Contains("going on without n3", goes.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_starts_beside_one_who_is_starting() =>
        Assert.Equal("wait", Decide(1, new Node(Position: 900), new Node(Choice: "n1"), new Node(State: "bootstrapping")).Word);

    private static (string, string) Join(Verdict verdict) => (verdict.Word, verdict.With);

    private static (string, string) Chosen(Verdict verdict) => (verdict.Word, verdict.Choice);

    private static Verdict Decide(int self, params Node?[] nodes) => Decide(self, 0, nodes);

    private static Verdict Decide(int self, int waited, params Node?[] nodes)
    {
        var lines = new List<string>
        {
            $"METADB_NAME=n{self} METADB_ELECTION_PORT=1 METADB_RECOVERY_WAIT=600",
            $". '{Clone.Root}/images/mariadb/ark-metadb'",
            "run=$(mktemp -d); memory=$run; trap 'rm -r \"$run\"' EXIT",
            $"echo \"$(( $(date +%s) - {waited} )) $(date +%s)\" >\"$memory/waiting\"",
            $"was_alone=no majority={nodes.Length / 2 + 1}",
        };
        foreach (var (index, node) in nodes.Index())
        {
            var name = $"n{index + 1}";
            lines.Add($"names+=({name}); address[{name}]=10.0.0.{index + 1}");
            if (node is null) continue;
            (string Key, object Value)[] answer = [("state", node.State), ("kind", node.Kind), ("uuid", node.Uuid), ("seqno", node.Position), ("view", node.View), ("choice", node.Choice), ("writable", node.Writable), ("term", node.Starts)];
            lines.AddRange(answer.Select(a => $"is[{name}.{a.Key}]='{a.Value}'"));
            if (index + 1 == self) lines.Add($"kind='{node.Kind}' uuid='{node.Uuid}' seqno={node.Position}");
        }
        lines.Add("decide; printf '%s\\n' \"$verdict\" \"$with\" \"$choice\" \"$reason\"");
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-s"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        bash.StandardInput.Write(string.Join('\n', lines));
        bash.StandardInput.Close();
        var output = bash.StandardOutput.ReadToEnd().Split('\n');
        var errors = bash.StandardError.ReadToEnd();
        Assert.True(bash.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.Equal("", errors);
        return new Verdict(output[0], output[1], output[2], output[3]);
    }
}
