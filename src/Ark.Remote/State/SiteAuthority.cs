using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ark.Core;

namespace Ark.Remote.State;

/// <summary>The site's certificate authority: every Docker of the site trusts it, and only the registries' certificates come from it.</summary>
/// <param name="CertificatePem">Public.</param>
/// <param name="KeyPem">Kept encrypted in the cluster, never on a disk.</param>
public sealed record SiteAuthority(string CertificatePem, Secret KeyPem)
{
    private static readonly TimeSpan Past = TimeSpan.FromHours(24);
    private static readonly TimeSpan AuthorityLife = TimeSpan.FromDays(10 * 365);
    private static readonly TimeSpan ServerLife = TimeSpan.FromDays(2 * 365);

    /// <summary>A new authority, valid for ten years; its name ends with random digits, so that two sites' never look alike.</summary>
    public static SiteAuthority Create(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var name = "CN=Ark site authority " + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using var certificate = request.CreateSelfSigned(now - Past, now + AuthorityLife);
        return new(certificate.ExportCertificatePem() + "\n", new Secret(key.ExportPkcs8PrivateKeyPem()));
    }

    /// <summary>A server certificate and its key.</summary>
    /// <param name="names">Host names and addresses; the first is the subject.</param>
    public (string CertificatePem, Secret KeyPem) Issue(IReadOnlyList<string> names, DateTimeOffset now)
    {
        using var authority = X509Certificate2.CreateFromPem(CertificatePem, KeyPem.Reveal());
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + names[0], key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address)) alternatives.AddIpAddress(address);
            else alternatives.AddDnsName(name);
        }

        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using var certificate = request.Create(authority, now - Past, now + ServerLife, RandomNumberGenerator.GetBytes(16));
        return (certificate.ExportCertificatePem() + "\n", new Secret(key.ExportPkcs8PrivateKeyPem() + "\n"));
    }
}
