using System.Security.Cryptography;
using System.Text;

namespace Millrace.Kernel.Security;

/// <summary>Unguessable texts. Row ids are guessable by design, so anything public is made here or carries a MAC.</summary>
public static class RandomToken
{
    private const string Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <param name="length">Characters; each is worth 5.95 bits, so 43 give 256 bits.</param>
    public static string New(int length = 43) => RandomNumberGenerator.GetString(Base62, length);

    /// <summary>What is stored of a token: SHA-256, enough for a random text of 128 bits and more.</summary>
    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
