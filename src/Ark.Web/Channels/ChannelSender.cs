using System.Globalization;
using Ark.Core;
using Ark.Core.Templates;

namespace Ark.Web.Channels;

/// <summary>What became of a message.</summary>
/// <param name="Status">What the other side answered, by HTTP or SMTP; null where it did not.</param>
/// <param name="Answer">The first 500 characters of what it said.</param>
/// <param name="Problem">Why the message was not taken; null if it was.</param>
public sealed record Delivery(bool Sent, int? Status, string Answer, Problem? Problem)
{
    public const int LongestAnswer = 500;

    internal static Delivery Taken(int status, string answer) => new(true, status, answer, null);

    internal static Delivery Not(string code, string message, string remedy = "", int? status = null, string answer = "") =>
        new(false, status, answer, new(code, "", message, remedy));
}

/// <summary>Sends alerts through channels, within ten seconds each.</summary>
public sealed class ChannelSender(ChannelSecrets secrets, HttpChannels http, MailChannels mail)
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <summary>An alert that says of itself that it is a test.</summary>
    public static AlertView TestAlert(string channel, DateTimeOffset now) => new(
        "ArkTest", "info", $"A test of the alert channel “{channel}”: nothing is wrong.", "", "", now.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), "firing");

    /// <summary>Never throws for what the other side does; the secret is in no answer, even where the other side repeats it.</summary>
    public async Task<Delivery> SendAsync(Channel channel, AlertView alert, DateTimeOffset now, CancellationToken cancellation)
    {
        var secret = secrets.Open(channel.Secret);
        if (channel.Secret is not null && secret is null)
            return Delivery.Not("secret-lost", "The secret cannot be opened any more.", "enter it again");
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(Deadline);
        try
        {
            var settings = channel.SettingsOf();
            var delivery = channel.Kind == ChannelKind.Mail
                ? await mail.SendAsync(settings, secret, alert, deadline.Token)
                : await http.SendAsync(channel.Kind, settings, secret, alert, now, deadline.Token);
            return delivery with { Answer = Clean(delivery.Answer, secret) };
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Delivery.Not("no-answer", $"The other side did not answer within {Deadline.TotalSeconds:0} seconds.", "is the address right, and does a firewall let it through?");
        }
    }

    private static string Clean(string answer, Secret? secret)
    {
        if (secret?.Reveal() is { Length: > 0 } text)
            answer = answer.Replace(text, secret.ToString(), StringComparison.Ordinal).Replace(Uri.EscapeDataString(text), secret.ToString(), StringComparison.Ordinal);
        answer = string.Concat(answer.Select(c => char.IsControl(c) && c != '\n' ? ' ' : c)).Trim();
        return answer.Length > Delivery.LongestAnswer ? answer[..Delivery.LongestAnswer] : answer;
    }
}
