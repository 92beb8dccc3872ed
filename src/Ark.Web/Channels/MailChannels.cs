using System.Net.Sockets;
using Ark.Core;
using Ark.Core.Templates;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Ark.Web.Channels;

/// <summary>Mail by SMTP: one message in plain text to all recipients.</summary>
public sealed class MailChannels(OutboundNetworks networks, TrustedRoots roots)
{
    internal async Task<Delivery> SendAsync(ChannelSettings settings, Secret? password, AlertView alert, CancellationToken cancellation)
    {
        using var message = Compose(settings, alert);
        using var client = new SmtpClient { CheckCertificateRevocation = false, ServerCertificateValidationCallback = roots.Accept };
        try
        {
            await using var stream = await networks.ConnectAsync(settings.Host!, settings.Port!.Value, cancellation);
            await client.ConnectAsync(stream, settings.Host!, settings.Port.Value, Options(settings.Security!.Value), cancellation);
            if (settings.User is { } user && password is not null)
                await client.AuthenticateAsync(user, password.Reveal(), cancellation);
            var answer = await client.SendAsync(message, cancellation);
            await client.DisconnectAsync(quit: true, cancellation);
            return Delivery.Taken(250, answer);
        }
        catch (ForbiddenAddressException)
        {
            return Delivery.Not(ForbiddenAddressException.Problem.Code, ForbiddenAddressException.Problem.Message, ForbiddenAddressException.Problem.Remedy);
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain
                ? Delivery.Not("unknown-host", "No server is known by that name.")
                : Delivery.Not("no-connection", $"No connection: {e.SocketErrorCode}.");
        }
        catch (SslHandshakeException)
        {
            return Delivery.Not("untrusted-certificate", "The server speaks no TLS here, or its certificate is not trusted.", TrustedRoots.Remedy);
        }
        catch (AuthenticationException e)
        {
            return Delivery.Not("wrong-sign-in-there", "The server takes neither user nor password.", "", null, e.Message);
        }
        catch (SmtpCommandException e)
        {
            return Delivery.Not("refused-there", $"The server answered with status {(int)e.StatusCode}.", "", (int)e.StatusCode, e.Message);
        }
        catch (Exception e) when (e is ProtocolException or IOException or NotSupportedException)
        {
            return Delivery.Not("no-connection", "The server does not speak SMTP as it should, cannot do what is asked, or hung up.", "is the protection (STARTTLS, TLS) right?");
        }
    }

    private static SecureSocketOptions Options(MailSecurity security) => security switch
    {
        MailSecurity.StartTls => SecureSocketOptions.StartTls, // without it there is no connection
        MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
        _ => SecureSocketOptions.None,
    };

    private static MimeMessage Compose(ChannelSettings settings, AlertView alert)
    {
        var message = new MimeMessage
        {
            Subject = Line($"[{alert.Status}] {alert.Severity}: {alert.Name}"),
            Body = new TextPart("plain")
            {
                Text = $"""
                    {alert.Summary}

                    alert:     {Line(alert.Name)}
                    severity:  {alert.Severity}
                    status:    {alert.Status}
                    machine:   {alert.Machine}
                    component: {alert.Component}
                    since:     {alert.StartsAt}

                    """,
            },
        };
        message.From.Add(MailboxAddress.Parse(settings.From!));
        message.To.AddRange(settings.Recipients.Select(MailboxAddress.Parse));
        return message;
    }

    /// <summary>A name with a line break must not become a header.</summary>
    private static string Line(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
