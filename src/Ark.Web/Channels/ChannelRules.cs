using System.Text.Json;
using System.Text.RegularExpressions;
using Ark.Core;
using Ark.Core.Templates;
using Ark.Web.Accounts;
using Ark.Web.Answers;
using Ark.Web.Data;
using Ark.Web.Layout;
using MimeKit;

namespace Ark.Web.Channels;

/// <summary>What the settings of a channel must be; everything that is wrong at once, each at its field (<c>settings.url</c>).</summary>
public sealed partial class ChannelRules(Product product, ChannelSecrets secrets, OutboundNetworks networks)
{
    private const int MostHeaders = 20;
    private const int MostRecipients = 100;
    private const int LongestTemplate = 20_000;

    /// <summary>Headers that belong to the connection, or that Ark sets.</summary>
    private static readonly HashSet<string> NotYours = new(StringComparer.OrdinalIgnoreCase)
    {
        "connection", "content-length", "content-type", "expect", "host", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
        HttpChannels.Signature, HttpChannels.Timestamp,
    };

    /// <summary>Templates must give JSON whatever an alert says: these say the worst and nothing.</summary>
    private static readonly IReadOnlyList<AlertView> Trials =
    [
        new("quote \" and \\", "critical", "two\nlines, a tab\t, \"quotes\"", "10.0.0.11", "cache", "2026-01-01T00:00:00Z", "firing"),
        new("", "", "", "", "", "", ""),
    ];

    public ChannelSecrets Secrets => secrets;

    /// <summary>The customers that a channel can be for, as far as the actor sees them.</summary>
    public async Task<IReadOnlyList<CustomerName>> CustomersAsync(ArkDb db, Actor actor, CancellationToken cancellation) =>
        product.CustomersAsync is { } read ? await read(db, actor, cancellation) : [];

    /// <summary>The settings of that kind, trimmed.</summary>
    public ChannelSettings Read(Fields fields, ChannelKind kind, ChannelSettings given, Secret? secret)
    {
        if (kind == ChannelKind.Mail)
            return Mail(fields, given, secret);
        if (!Enum.IsDefined(kind))
            fields.Add("kind", "bad-value", "There is no such kind of channel.");
        var settings = new ChannelSettings
        {
            Url = fields.Line("settings.url", given.Url, 1000),
            Headers = [.. (given.Headers ?? []).Where(h => h is not null).Select(h => new ChannelHeader(h.Name?.Trim() ?? "", h.Value?.Trim() ?? ""))],
            Body = fields.Text("settings.body", given.Body, LongestTemplate) is { Length: > 0 } body ? body : null,
            Recipients = kind == ChannelKind.Sms ? Recipients(fields, given, r => Telephone().IsMatch(r), "+8613800000000", needed: false) : [],
        };
        if (settings.Url!.Length > 0)
            Url(fields, settings, secret);
        Headers(fields, settings, secret);
        if (settings.Body is not null)
            Body(fields, settings, secret);
        else if (kind == ChannelKind.Sms)
            fields.Add("settings.body", "missing-value", "settings.body has no value.");
        if (secret is null && settings.Headers.Select(h => h.Value).Append(settings.Url).Append(settings.Body).Any(t => t is not null && UsesSecret().IsMatch(t)))
            fields.Add("secret", "missing-value", "A template asks for the secret, and there is none.");
        return settings;
    }

    private ChannelSettings Mail(Fields fields, ChannelSettings given, Secret? secret)
    {
        var security = given.Security ?? MailSecurity.StartTls;
        var settings = new ChannelSettings
        {
            Host = fields.Line("settings.host", given.Host, 255),
            Port = given.Port ?? security switch { MailSecurity.StartTls => 587, MailSecurity.Tls => 465, _ => 25 },
            Security = security,
            User = fields.Line("settings.user", given.User, 200, needed: false) is { Length: > 0 } user ? user : null,
            From = fields.Line("settings.from", given.From, 200),
            Recipients = Recipients(fields, given, IsMailbox, "ops@shop.example", needed: true),
        };
        if (settings.Host!.Length > 0)
            Host(fields, "settings.host", settings.Host);
        if (settings.Port is < 1 or > 65535)
            fields.Add("settings.port", "bad-value", "A port is a number from 1 to 65535.");
        if (!Enum.IsDefined(security))
            fields.Add("settings.security", "bad-value", "There is no such protection.");
        if (settings.From!.Length > 0 && !IsMailbox(settings.From))
            fields.Add("settings.from", "bad-value", "That is no mail address.", "write for example ark@shop.example");
        if (settings.User is not null && security == MailSecurity.None)
            fields.Add("settings.security", "secret-in-clear", "A password is not sent in clear.", "choose STARTTLS or TLS");
        if (settings.User is not null && secret is null)
            fields.Add("secret", "missing-value", "The user needs a password.");
        if (settings.User is null && secret is not null)
            fields.Add("settings.user", "missing-value", "A password needs a user.");
        return settings;
    }

    private void Url(Fields fields, ChannelSettings settings, Secret? secret)
    {
        var url = Render(fields, "settings.url", settings.Url!, Trials[1], settings, secret);
        if (url is null)
            return;
        if (!Http().IsMatch(settings.Url!) || !Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.UserInfo.Length > 0 || url.Any(char.IsWhiteSpace))
            fields.Add("settings.url", "bad-value", "That is no address of http or https with a fixed host.", "write for example https://sms.example/send");
        else if (SecretInQuery().IsMatch(settings.Url!))
            fields.Add("settings.url", "secret-in-clear", "A token stands in the address in clear.", "write {{ secret | url_encode }} in its place, and enter it as the secret");
        else
            Host(fields, "settings.url", uri.IdnHost);
    }

    private void Host(Fields fields, string field, string host)
    {
        if (System.Net.IPAddress.TryParse(host.Trim('[', ']'), out var address))
        {
            if (!networks.Allows(address))
                fields.Add(field, OutboundNetworks.Refused, OutboundNetworks.Why, OutboundNetworks.Remedy);
        }
        else if (Uri.CheckHostName(host) != UriHostNameType.Dns)
        {
            fields.Add(field, "bad-value", "That is no name of a host.");
        }
    }

    private static void Headers(Fields fields, ChannelSettings settings, Secret? secret)
    {
        if (settings.Headers.Count > MostHeaders)
            fields.Add("settings.headers", "too-long", $"There are more than {MostHeaders} headers.");
        foreach (var header in settings.Headers.Take(MostHeaders))
        {
            if (!HeaderName().IsMatch(header.Name) || NotYours.Contains(header.Name))
                fields.Add("settings.headers", "bad-value", $"'{Short(header.Name)}' is no header that can be set.", "write for example X-Tenant: ark");
            else if (SecretName().IsMatch(header.Name) && !UsesSecret().IsMatch(header.Value))
                fields.Add("settings.headers", "secret-in-clear", $"{header.Name} holds a secret in clear.", "write {{ secret }} in its place, and enter it as the secret");
            else if (header.Value.Length > 1000 || Render(fields, "settings.headers", header.Value, Trials[1], settings, secret) is { } text && text.Any(c => c is < ' ' or > '~'))
                fields.Add("settings.headers", "bad-value", $"{header.Name} has more than 1000 characters, or some that a header cannot have.");
        }
    }

    private static void Body(Fields fields, ChannelSettings settings, Secret? secret)
    {
        foreach (var trial in Trials)
        {
            if (Render(fields, "settings.body", settings.Body!, trial, settings, secret) is not { } text)
                return;
            try
            {
                using var json = JsonDocument.Parse(text);
            }
            catch (JsonException e)
            {
                fields.Add("settings.body", "not-json", $"What the template gives is not JSON for every alert: line {e.LineNumber + 1}.", "write {{ alert.summary | json }}, without quotes of your own");
                return;
            }
        }
    }

    private static string? Render(Fields fields, string field, string template, AlertView alert, ChannelSettings settings, Secret? secret)
    {
        var rendered = AlertTemplate.Render(template, field, alert, settings.Recipients, secret ?? new("trial"));
        foreach (var problem in rendered.Problems)
            fields.Add(field, problem.Code, $"{problem.Place[(field.Length + 1)..]}: {problem.Message}", problem.Remedy);
        return rendered.Value;
    }

    private static IReadOnlyList<string> Recipients(Fields fields, ChannelSettings given, Func<string, bool> isOne, string example, bool needed)
    {
        IReadOnlyList<string> all = [.. (given.Recipients ?? []).Select(r => r?.Trim() ?? "").Where(r => r.Length > 0).Distinct()];
        if (needed && all.Count == 0)
            fields.Add("settings.recipients", "missing-value", "settings.recipients has no value.");
        if (all.Count > MostRecipients)
            fields.Add("settings.recipients", "too-long", $"There are more than {MostRecipients} recipients.");
        if (all.FirstOrDefault(r => !isOne(r)) is { } wrong)
            fields.Add("settings.recipients", "bad-value", $"'{Short(wrong)}' is no recipient.", $"write for example {example}");
        return all;
    }

    private static bool IsMailbox(string text) =>
        text.Length <= 200 && !text.Any(char.IsControl) && MailboxAddress.TryParse(text, out var address) && Address().IsMatch(address.Address);

    private static string Short(string text) => text.Length > 40 ? text[..40] + "…" : text;

    [GeneratedRegex(@"\A[^@\s<>]+@[^@\s<>]+\z")]
    private static partial Regex Address();

    [GeneratedRegex(@"\A\+?[0-9][0-9 -]{2,29}\z")]
    private static partial Regex Telephone();

    /// <summary>The host stands before any template.</summary>
    [GeneratedRegex(@"\A(?i:https?)://[^/?#{\\\s]+(?:[/?#].*)?\z")]
    private static partial Regex Http();

    [GeneratedRegex(@"(?i)[?&][a-z_-]*(?:token|key|secret|password|signature)=(?!\{\{)[^&]")]
    private static partial Regex SecretInQuery();

    [GeneratedRegex(@"(?i)authorization|cookie|token|secret|password|api-?key")]
    private static partial Regex SecretName();

    [GeneratedRegex(@"\{\{-?\s*secret\b")]
    private static partial Regex UsesSecret();

    [GeneratedRegex(@"\A[A-Za-z0-9!#$%&'*+.^_`|~-]{1,80}\z")]
    private static partial Regex HeaderName();
}
