using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Millrace.Mail.Dkim;

/// <summary>An RSA key pair for signing. Usable from many threads: each signature borrows its own key object.</summary>
public sealed class DkimKey : IDisposable
{
    public const int Bits = 2_048;

    private readonly ConcurrentBag<RSA> _idle = [];
    private readonly RSAParameters _parameters;

    private DkimKey(RSA rsa)
    {
        _parameters = rsa.ExportParameters(includePrivateParameters: true);
        PublicRecord = $"v=DKIM1; k=rsa; p={Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo())}";
        _idle.Add(rsa);
    }

    /// <summary>Text of the TXT record at <c>selector._domainkey.domain</c>. Longer than 255 bytes: DNS wants it in several strings.</summary>
    public string PublicRecord { get; }

    public static DkimKey Generate() => new(RSA.Create(Bits));

    /// <param name="pem">PKCS#8 or PKCS#1 private key.</param>
    /// <exception cref="ArgumentException">Not a private RSA key in PEM, or shorter than 1,024 bits.</exception>
    public static DkimKey FromPem(string pem)
    {
        var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(pem);
            return rsa.KeySize >= 1_024 ? new DkimKey(rsa) : throw new ArgumentException("The key has less than 1,024 bits.", nameof(pem));
        }
        catch (CryptographicException e)
        {
            rsa.Dispose();
            throw new ArgumentException("Not a private RSA key in PEM.", nameof(pem), e);
        }
    }

    /// <summary>PKCS#8. A secret.</summary>
    public string ToPem()
    {
        using var rsa = RSA.Create(_parameters);
        return rsa.ExportPkcs8PrivateKeyPem();
    }

    internal int SignatureSize => _parameters.Modulus!.Length;

    internal int SignHash(ReadOnlySpan<byte> sha256, Span<byte> signature)
    {
        var rsa = _idle.TryTake(out var idle) ? idle : RSA.Create(_parameters);
        try
        {
            return rsa.SignHash(sha256, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
        finally
        {
            _idle.Add(rsa);
        }
    }

    public void Dispose()
    {
        while (_idle.TryTake(out var rsa))
        {
            rsa.Dispose();
        }
    }
}
