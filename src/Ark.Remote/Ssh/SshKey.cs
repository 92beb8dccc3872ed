using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Ark.Core;

namespace Ark.Remote.Ssh;

/// <summary>
/// A key pair for logging in: ECDSA on P-256, which every sshd in the field accepts, those in FIPS mode too.
/// </summary>
/// <param name="PrivateKeyPem">As <c>ssh -i</c> reads it, without a passphrase.</param>
/// <param name="PublicLine">As it stands in authorized_keys: type, key, comment.</param>
public sealed record SshKey(Secret PrivateKeyPem, string PublicLine)
{
    private const string Type = "ecdsa-sha2-nistp256";
    private const string Curve = "nistp256";

    /// <summary>A new key pair.</summary>
    /// <param name="comment">One word that tells what the key is for.</param>
    public static SshKey Generate(string comment)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new SshKey(new Secret(key.ExportECPrivateKeyPem() + "\n"), Line(key, comment));
    }

    /// <summary>The key in a file that <see cref="Save"/> wrote; the comment is the file's name.</summary>
    /// <exception cref="CryptographicException">The file holds no ECDSA P-256 key.</exception>
    public static SshKey Load(string file)
    {
        var pem = File.ReadAllText(file);
        using var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
        }
        catch (ArgumentException e)
        {
            throw new CryptographicException($"{file} holds no private key in PEM form.", e);
        }
        return new SshKey(new Secret(pem), Line(key, Path.GetFileName(file)));
    }

    /// <summary>The key in the file, made and saved first if there is none. Several processes at once end with the same key.</summary>
    public static SshKey LoadOrGenerate(string file, string comment)
    {
        if (File.Exists(file))
            return Load(file);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        using var others = FileLock.Hold(file); // Moving without overwriting looks first and moves then: too late.
        if (File.Exists(file))
            return Load(file);
        var key = Generate(comment);
        key.Save(file);
        return key;
    }

    /// <summary>
    /// Writes the private key with mode 0600 and the public line beside it with <c>.pub</c>. Never overwrites a private key.
    /// </summary>
    /// <exception cref="IOException">The file exists.</exception>
    public void Save(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        var part = $"{file}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            using (var stream = new FileStream(part, options))
                stream.Write(Encoding.ASCII.GetBytes(PrivateKeyPem.Reveal()));
            File.Move(part, file, overwrite: false);
        }
        finally
        {
            File.Delete(part);
        }
        File.WriteAllText(file + ".pub", PublicLine + "\n");
    }

    private static string Line(ECDsa key, string comment)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        if (point.X is not { Length: 32 } x || point.Y is not { Length: 32 } y)
            throw new CryptographicException("Only keys on the curve P-256 are used.");
        using var blob = new MemoryStream();
        WriteString(blob, Encoding.ASCII.GetBytes(Type));
        WriteString(blob, Encoding.ASCII.GetBytes(Curve));
        WriteString(blob, [4, .. x, .. y]);
        return $"{Type} {Convert.ToBase64String(blob.ToArray())} {comment}";
    }

    private static void WriteString(MemoryStream to, byte[] value)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, value.Length);
        to.Write(length);
        to.Write(value);
    }
}
