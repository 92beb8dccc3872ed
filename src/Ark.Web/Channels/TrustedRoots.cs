using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Ark.Web.Channels;

/// <summary>
/// Whose certificates are believed: the system's authorities, and those of the PEM file that the setting <c>Channels:TrustedCertificates</c> names, as many
/// data centres have one of their own. Revocation is not asked for: a data centre has no way to the lists.
/// </summary>
public sealed class TrustedRoots
{
    public const string Remedy = "name its authority's PEM file in the setting Channels:TrustedCertificates";

    private readonly X509Certificate2Collection _roots = [];

    public TrustedRoots(string? file)
    {
        if (!string.IsNullOrWhiteSpace(file))
            _roots.ImportFromPemFile(file);
    }

    public bool Accept(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
            return true;
        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || certificate is not X509Certificate2 presented || _roots.Count == 0)
            return false;
        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.AddRange(_roots);
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        own.ChainPolicy.ApplicationPolicy.Add(new("1.3.6.1.5.5.7.3.1")); // for servers
        foreach (var link in chain?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
            own.ChainPolicy.ExtraStore.Add(link.Certificate);
        return own.Build(presented);
    }
}
