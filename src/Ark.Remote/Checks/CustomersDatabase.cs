using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.RegularExpressions;
using Ark.Core;
using Ark.Core.Checks;
using Ark.Core.Sites;
using MySqlConnector;

namespace Ark.Remote.Checks;

/// <summary>Asks the customer's MySQL or MariaDB what checks judge it by. It reads settings and the account's rights, and changes nothing.</summary>
public static partial class CustomersDatabase
{
    /// <summary>For connecting and asking together.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private const string Settings = "SELECT VERSION(), @@character_set_server, @@lower_case_table_names";

    /// <summary>Facts; or in <see cref="DatabaseFacts.Problem"/> why there are none. TLS is used where the server has it.</summary>
    /// <param name="deadline">Usually <see cref="Deadline"/>.</param>
    public static async Task<DatabaseFacts> AskAsync(ExternalDatabase database, Secret password, TimeSpan deadline, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        either.CancelAfter(deadline);
        try
        {
            return await AskOrDialAsync(database, password, deadline, either.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or MySqlException or MySqlProtocolException or IOException or SocketException or NotSupportedException or FormatException)
        {
            cancellation.ThrowIfCancellationRequested();
            // Past the deadline it does not matter in which words the library gave up.
            return Unasked(ProblemOf(either.IsCancellationRequested ? new OperationCanceledException(either.Token) : e, database, deadline));
        }
    }

    /// <summary>Nothing but why.</summary>
    public static DatabaseFacts Unasked(Problem problem) => new("", "", 0, [], problem);

    private static async Task<DatabaseFacts> AskOrDialAsync(ExternalDatabase database, Secret password, TimeSpan deadline, CancellationToken cancellation)
    {
        try
        {
            return await AskAsync(Connection(database, password, deadline, MySqlSslMode.Preferred), cancellation).ConfigureAwait(false);
        }
        catch (MySqlException e) when (e.InnerException is AuthenticationException)
        {
            // A server whose TLS is too old for today's libraries is asked without.
            return await AskAsync(Connection(database, password, deadline, MySqlSslMode.Disabled), cancellation).ConfigureAwait(false);
        }
        catch (MySqlException e) when (e is { ErrorCode: MySqlErrorCode.UnableToConnectToHost, InnerException: null })
        {
            // The library keeps the reason to itself: the system is asked for it.
            using var dial = new TcpClient();
            await dial.ConnectAsync(database.Host, database.Port, cancellation).ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<DatabaseFacts> AskAsync(string connecting, CancellationToken cancellation)
    {
        await using var connection = new MySqlConnection(connecting);
        await connection.OpenAsync(cancellation).ConfigureAwait(false);
        List<string> grants = [];
        await using (var command = new MySqlCommand("SHOW GRANTS", connection))
        await using (var rows = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false))
        {
            while (await rows.ReadAsync(cancellation).ConfigureAwait(false)) grants.Add(Identified().Replace(rows.GetString(0), ""));
        }

        await using var settings = new MySqlCommand(Settings, connection);
        await using var row = await settings.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await row.ReadAsync(cancellation).ConfigureAwait(false);
        return new(row.GetString(0), row.GetString(1), Convert.ToInt32(row.GetValue(2), CultureInfo.InvariantCulture), grants, null);
    }

    private static string Connection(ExternalDatabase database, Secret password, TimeSpan deadline, MySqlSslMode tls) => new MySqlConnectionStringBuilder
    {
        Server = database.Host,
        Port = (uint)database.Port,
        UserID = database.User,
        Password = password.Reveal(),
        SslMode = tls,
        Pooling = false,
        // Later than the deadline, so that the one does not run into the other.
        ConnectionTimeout = (uint)Math.Ceiling(deadline.TotalSeconds) + 5,
        ApplicationName = "ark",
    }.ConnectionString;

    /// <summary>Of messages of the library and the server, which name the account and the host that it came from, never the password.</summary>
    private static Problem ProblemOf(Exception e, ExternalDatabase database, TimeSpan deadline)
    {
        var (place, port) = ($"{database.Host}:{database.Port}", database.Port);
        var message = e.Message.TrimEnd('.');
        var from = From().Match(message) is { Success: true } host ? host.Groups[1].Value : "%";
        var account = $"'{database.User}'@'{from}'";
        Problem Problem(string code, string text, string remedy) => new("database-" + code, place, text, remedy);
        return (e, Socket(e)?.SocketErrorCode) switch
        {
            (MySqlException { ErrorCode: MySqlErrorCode.AccessDenied }, _) => Problem("auth", $"{place} did not let {database.User} in: {message}.",
                $"correct metadb_user and metadb_password; if they are right, the account is another host's: CREATE USER {account} with that password"),
            (MySqlException { ErrorCode: MySqlErrorCode.HostNotPrivileged }, _) => Problem("host", $"{place} lets nobody in from this host: {message}.",
                $"CREATE USER {account} with the password of metadb_password, and GRANT it the rights on *.*"),
            (_, SocketError.ConnectionRefused) => Problem("refused", $"Nothing listens on port {port} of {database.Host}: the connection was refused.",
                "systemctl start mysqld (or mariadb) there, let it listen on that address (bind-address), or correct metadb_ip and metadb_port"),
            (_, SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain) => Problem("name-unknown", $"The name {database.Host} cannot be resolved.",
                $"write the address into metadb_ip, or make the name known: getent hosts {database.Host}"),
            (_, SocketError.HostUnreachable or SocketError.NetworkUnreachable) => Problem("unreachable", $"There is no route to {database.Host}.", $"check metadb_ip and the network: ping {database.Host}"),
            (OperationCanceledException or MySqlException { ErrorCode: MySqlErrorCode.CommandTimeoutExpired }, _) or (_, SocketError.TimedOut) or (MySqlException { InnerException: OperationCanceledException }, _) => Slow(),
            (MySqlException { ErrorCode: MySqlErrorCode.UnableToConnectToHost }, null) when message.Contains("Timeout", StringComparison.Ordinal) => Slow(),
            (MySqlProtocolException or FormatException or MySqlException { InnerException: MySqlProtocolException or EndOfStreamException }, _) =>
                Problem("foreign", $"What answers on port {port} of {database.Host} does not speak MySQL: {message}.", "correct metadb_ip and metadb_port"),
            _ => Problem("failed", $"{place} could not be asked: {message}.", $"mysql -h {database.Host} -P {port} -u {database.User} -p"),
        };

        Problem Slow() => Problem("timeout", $"{place} did not answer within {deadline.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture)} s.",
            $"check that the server runs and no firewall drops port {port}: ping {database.Host}");
    }

    private static SocketException? Socket(Exception? e) => e is null or SocketException ? e as SocketException : Socket(e.InnerException);

    /// <summary>What older servers print of passwords.</summary>
    [GeneratedRegex(@" IDENTIFIED (?:BY|VIA|WITH) .*?(?= REQUIRE | WITH GRANT | WITH MAX_|\z)", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Identified();

    /// <summary>The host that the server saw: <c>user 'ark'@'10.0.0.11'</c>, <c>Host '10.0.0.11' is not allowed</c>.</summary>
    [GeneratedRegex(@"(?:@|Host )'([^']+)'")]
    private static partial Regex From();
}
