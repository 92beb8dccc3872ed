using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Ark.Web.Tests.Channels;

/// <summary>As much of a mail server as sending takes: STARTTLS, one user by AUTH PLAIN, and messages that are kept. Recipients at refused.example are refused.</summary>
public sealed class MailSink : IDisposable
{
    public const string User = "ark";
    public const string Password = "m4il-p4ssword-k9";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 _certificate = Certificate();

    public MailSink()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public ConcurrentQueue<string> Messages { get; } = [];

    public ConcurrentQueue<string> Commands { get; } = [];

    /// <summary>What the other side has to trust.</summary>
    public string Pem => _certificate.ExportCertificatePem();

    public void Dispose()
    {
        _listener.Dispose();
        _certificate.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = TalkAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using var _ = client;
        Stream stream = client.GetStream();
        try
        {
            await SayAsync(stream, "220 sink");
            while (await LineAsync(stream) is { } line)
            {
                Commands.Enqueue(line);
                if (line == "STARTTLS")
                {
                    await SayAsync(stream, "220 go on");
                    var tls = new SslStream(stream);
                    await tls.AuthenticateAsServerAsync(_certificate);
                    stream = tls;
                }
                else if (line == "DATA")
                {
                    await SayAsync(stream, "354 go on");
                    var message = new StringBuilder();
                    for (string? text; (text = await LineAsync(stream)) is not (null or ".");)
                        message.Append(text).Append('\n');
                    Messages.Enqueue(message.ToString());
                    await SayAsync(stream, "250 2.0.0 kept as 4711");
                }
                else
                {
                    await SayAsync(stream, AnswerTo(line, stream is SslStream));
                }
            }
        }
        catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
        {
            // The client went away, or did not trust us.
        }
    }

    private static string AnswerTo(string line, bool encrypted) => line.Split(' ')[0] switch
    {
        "EHLO" when encrypted => "250-sink\r\n250 AUTH PLAIN",
        "EHLO" => "250-sink\r\n250 STARTTLS",
        "AUTH" => line == "AUTH PLAIN " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{User}\0{Password}")) ? "235 welcome" : "535 5.7.8 who are you",
        "RCPT" when line.Contains("@refused.example", StringComparison.Ordinal) => "550 5.1.1 nobody of that name",
        "QUIT" => "221 bye",
        _ => "250 fine",
    };

    private static Task SayAsync(Stream stream, string text) => stream.WriteAsync(Encoding.ASCII.GetBytes(text + "\r\n")).AsTask();

    private static async Task<string?> LineAsync(Stream stream)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await stream.ReadAsync(one) == 1)
        {
            if (one[0] == '\n')
                return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            line.Add(one[0]);
        }

        return null;
    }

    private static X509Certificate2 Certificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1")], critical: false));
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
