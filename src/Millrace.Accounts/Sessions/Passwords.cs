using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Millrace.Kernel.Errors;

namespace Millrace.Accounts.Sessions;

/// <summary>PBKDF2-SHA512. Stored as <c>rounds.salt.hash</c>, so the rounds can rise later.</summary>
internal static class Passwords
{
    public const int MinLength = 12;
    public const int MaxLength = 128;
    public const int ProductRounds = 220_000;

    // The commonest passwords that are long enough to pass the length rule.
    private static readonly HashSet<string> Common = new(StringComparer.OrdinalIgnoreCase)
    {
        "123456789012", "1234567890123", "qwertyuiop12", "qwertyuiop123", "password1234", "password12345", "passwordpassword", "administrator",
        "iloveyou1234", "letmeinletmein", "welcome12345", "aaaaaaaaaaaa", "111111111111", "000000000000", "abcdefghijkl", "qwertyqwerty",
        "qwerty123456", "changemechangeme", "adminadminadmin", "1q2w3e4r5t6y",
    };

    /// <summary>Of new hashes. No setting on purpose: only the test kit, which makes hundreds of accounts, lowers it for its own process.</summary>
    internal static int Rounds { get; set; } = ProductRounds;

    /// <exception cref="InvalidInputException">Too short, too long or too common.</exception>
    public static void Check(string password, string path)
    {
        if (password.Length is < MinLength or > MaxLength)
        {
            throw new InvalidInputException(path, "length", $"A password has {MinLength} to {MaxLength} characters.");
        }

        if (Common.Contains(password))
        {
            throw new InvalidInputException(path, "too_common", "This password is one of the commonest; choose another.");
        }
    }

    public static string Hash(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        return string.Create(CultureInfo.InvariantCulture, $"{Rounds}.{Base64Url.EncodeToString(salt)}.{Base64Url.EncodeToString(Derive(password, salt, Rounds))}");
    }

    /// <param name="stored">Null for an unknown user: then the same time is spent, and the answer is no.</param>
    public static bool Verify(string password, string? stored)
    {
        var parts = (stored ?? $"{Rounds}.AAAAAAAAAAAAAAAAAAAAAA.AA").Split('.');
        var derived = Derive(password, Base64Url.DecodeFromChars(parts[1]), int.Parse(parts[0], CultureInfo.InvariantCulture));
        return CryptographicOperations.FixedTimeEquals(derived, Base64Url.DecodeFromChars(parts[2])) && stored is not null;
    }

    private static byte[] Derive(string password, byte[] salt, int rounds) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, rounds, HashAlgorithmName.SHA512, 32);
}
