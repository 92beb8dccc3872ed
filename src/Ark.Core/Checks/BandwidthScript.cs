using System.Globalization;

namespace Ark.Core.Checks;

/// <summary>
/// What two machines run to measure the way from one to the other: the receiver listens on a port and counts what comes within about a second; the sender
/// connects, says a token, and sends as much as goes through. No program has to be installed: whichever of Python 2 or 3, RHEL's own Python and Perl
/// is there is used. Both end by themselves within seconds, whatever the other does.
/// </summary>
public static class BandwidthScript
{
    /// <summary>Above what kernels give out by themselves, so that it is rarely taken.</summary>
    public const int FirstPort = 62000;

    /// <summary>For <c>sh -c</c>. It prints <c>got BYTES SECONDS</c>, or <c>failed WORDS</c>.</summary>
    /// <param name="token">Letters and digits; 16 of them.</param>
    public static string Receiver(string address, int port, string token) => Run("receive", address, port, token);

    /// <summary>For <c>sh -c</c>. It prints <c>sent</c>, or <c>failed WORDS</c>.</summary>
    public static string Sender(string address, int port, string token) => Run("send", address, port, token);

    /// <summary>A port on which the machine says that nothing listens.</summary>
    public static int PortOf(HostFacts to)
    {
        var taken = to.Listeners?.Where(l => l.Protocol == "tcp").Select(l => l.Port).ToHashSet() ?? [];
        return Enumerable.Range(FirstPort, 1000).First(p => !taken.Contains(p));
    }

    /// <summary>Reads what both printed.</summary>
    public static BandwidthProbe Read(string from, string to, int port, string received, string sent)
    {
        if (received.Split(' ', StringSplitOptions.TrimEntries) is ["got", var bytes, var seconds] && sent.Trim() == "sent"
            && double.TryParse(bytes, NumberStyles.Integer, CultureInfo.InvariantCulture, out var count) && double.TryParse(seconds, NumberStyles.Float, CultureInfo.InvariantCulture, out var time) && time > 0)
            return new(from, to, (long)(count * 8 / time), null);
        var (receiver, sender) = (Failure(received), Failure(sent));
        return new(from, to, null, receiver == NoProgram ? $"{to} has neither Python nor Perl"
            : sender == NoProgram ? $"{from} has neither Python nor Perl"
            : receiver is not null and not "nobody came" ? $"{to} could not listen on port {port}: {receiver}"
            : sender is not null ? $"port {port} of {to} is not reached: {sender}"
            : $"port {port} of {to} was not reached");
    }

    private const string NoProgram = "no program";

    private static string? Failure(string output) => output.Trim() is ['f', 'a', 'i', 'l', 'e', 'd', ' ', .. var words] ? words.Trim() : null;

    private static string Run(string what, string address, int port, string token) => $$"""
        python=$(cat <<'python'
        {{Python}}
        python
        )
        perl=$(cat <<'perl'
        {{Perl}}
        perl
        )
        for program in python3 python /usr/libexec/platform-python; do
          "$program" -c 0 >/dev/null 2>&1 && exec "$program" -c "$python" {{what}} {{address}} {{port}} {{token}}
        done
        perl -MSocket -e 1 >/dev/null 2>&1 && exec perl -e "$perl" {{what}} {{address}} {{port}} {{token}}
        echo failed {{NoProgram}}
        """;

    private const string Python = """
        import errno, socket, sys, time
        what, address, port, token = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4].encode()
        def receive():
            server = socket.socket()
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            server.bind((address, port))
            server.listen(5)
            until = time.time() + 10
            while time.time() < until:
                server.settimeout(max(0.1, until - time.time()))
                try:
                    peer = server.accept()[0]
                    peer.settimeout(5)
                    said = b''
                    while len(said) < len(token):
                        more = peer.recv(len(token) - len(said))
                        if not more: break
                        said += more
                except socket.timeout:
                    continue
                if said != token:
                    peer.close()
                    continue
                count, began, room = 0, time.time(), bytearray(1 << 20)
                while True:
                    length = peer.recv_into(room)
                    if not length: break
                    count += length
                return 'got %d %.6f' % (count, time.time() - began)
            return 'failed nobody came'
        def send():
            until = time.time() + 6
            while True:
                try:
                    peer = socket.create_connection((address, port), 3)
                    break
                except (socket.error, socket.timeout):
                    if time.time() > until: raise
                    time.sleep(0.05)
            peer.settimeout(5)
            peer.sendall(token)
            until, piece = time.time() + 1, b'x' * (1 << 18)
            while time.time() < until: peer.sendall(piece)
            peer.shutdown(socket.SHUT_WR)
            peer.recv(1)
            return 'sent'
        try:
            print(receive() if what == 'receive' else send())
        except socket.timeout:
            print('failed timed out')
        except (socket.error, OSError) as e:
            print('failed ' + (e.strerror or str(e)))
        """;

    private const string Perl = """
        use Socket;
        my ($what, $address, $port, $token) = @ARGV;
        my $to = sockaddr_in($port, inet_aton($address));
        sub failed { print "failed @_\n"; exit }
        $SIG{PIPE} = 'IGNORE';
        if ($what eq 'receive') {
          $SIG{ALRM} = sub { failed 'nobody came' };
          alarm 12;
          socket(my $server, PF_INET, SOCK_STREAM, 0) or failed "$!";
          setsockopt($server, SOL_SOCKET, SO_REUSEADDR, 1);
          bind($server, $to) or failed "$!";
          listen($server, 5) or failed "$!";
          while (accept(my $peer, $server)) {
            my ($said, $room, $count) = ('', '', 0);
            while (length($said) < length($token)) { sysread($peer, $said, length($token) - length($said), length($said)) or last }
            if ($said ne $token) { close $peer; next }
            my $began = now();
            while (my $length = sysread($peer, $room, 1 << 20)) { $count += $length }
            printf "got %d %.6f\n", $count, now() - $began;
            exit;
          }
          failed "$!";
        }
        my $until = time + 6;
        my $peer;
        while (1) {
          socket($peer, PF_INET, SOCK_STREAM, 0) or failed "$!";
          my $came = eval { local $SIG{ALRM} = sub { die "timed out\n" }; alarm 3; my $ok = connect($peer, $to); alarm 0; $ok };
          my $why = $@ || "$!";
          last if $came;
          if (time > $until) { chomp $why; failed $why }
          select undef, undef, undef, 0.05;
        }
        $SIG{ALRM} = sub { failed 'timed out' };
        alarm 8;
        syswrite $peer, $token;
        my ($end, $piece) = (now() + 1, 'x' x (1 << 18));
        while (now() < $end) { syswrite($peer, $piece) or failed "$!" }
        shutdown $peer, 1;
        sysread $peer, my $rest, 1;
        print "sent\n";
        sub now { require Time::HiRes; Time::HiRes::time() }
        """;
}

/// <summary>Which machines measure at the same time, so that none is in two measurements: everybody meets everybody once.</summary>
public static class BandwidthRounds
{
    /// <summary>Rounds of pairs, both to be measured in both directions one after the other. Of a site above <see cref="ProbeRound.Whole"/> only the first <see cref="ProbeRound.Chosen"/> rounds.</summary>
    /// <param name="count">Of machines that can measure.</param>
    public static IEnumerable<IReadOnlyList<(int One, int Other)>> Of(int count)
    {
        var (even, fixedPlace) = (count + (count % 2), count + (count % 2) - 1);
        var rounds = count < 2 ? 0 : count <= ProbeRound.Whole ? even - 1 : Math.Min(even - 1, ProbeRound.Chosen);
        for (var round = 0; round < rounds; round++)
        {
            // The circle method: one stays, the others turn.
            List<(int, int)> pairs = [(round, fixedPlace)];
            for (var i = 1; i < even / 2; i++) pairs.Add(((round + i) % fixedPlace, (round + fixedPlace - i) % fixedPlace));
            yield return [.. pairs.Where(p => p.Item1 < count && p.Item2 < count)];
        }
    }
}
