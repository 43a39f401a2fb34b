using System.Security.Cryptography;
using System.Text;

namespace Millrace.Kernel.Security;

/// <summary>
/// Keys by purpose, derived (HKDF-SHA256) from the one master key that lives outside the database: <c>Millrace:MasterKey</c> (base64,
/// 32 bytes; the same on every node) or the file <c>keys/master.key</c> in the data directory, made at first start.
/// </summary>
public sealed class KeyRing(byte[] masterKey)
{
    /// <summary>The number stored beside everything that a key has made, so that keys can be rotated.</summary>
    public const byte CurrentKeyId = 1;

    /// <summary>32 bytes for one purpose, for example <c>tracking</c>; never used for another.</summary>
    public byte[] Derive(string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, masterKey, 32, info: Encoding.UTF8.GetBytes(purpose));

    /// <summary>Encrypts a secret for storage: key id, nonce, tag, ciphertext (AES-256-GCM).</summary>
    /// <param name="secret">The clear text.</param>
    /// <param name="place">Account, table, column and row: a secret moved elsewhere no longer opens.</param>
    public byte[] Seal(string secret, string place)
    {
        var clear = Encoding.UTF8.GetBytes(secret);
        var box = new byte[1 + 12 + 16 + clear.Length];
        box[0] = CurrentKeyId;
        RandomNumberGenerator.Fill(box.AsSpan(1, 12));
        using var aes = new AesGcm(Derive("secrets"), 16);
        aes.Encrypt(box.AsSpan(1, 12), clear, box.AsSpan(29), box.AsSpan(13, 16), Encoding.UTF8.GetBytes(place));
        return box;
    }

    /// <exception cref="CryptographicException">Another key, another place, or changed bytes.</exception>
    public string Open(byte[] box, string place)
    {
        if (box.Length < 29)
        {
            throw new CryptographicException("This is no sealed secret.");
        }

        var clear = new byte[box.Length - 29];
        using var aes = new AesGcm(Derive("secrets"), 16);
        aes.Decrypt(box.AsSpan(1, 12), box.AsSpan(29), box.AsSpan(13, 16), clear, Encoding.UTF8.GetBytes(place));
        return Encoding.UTF8.GetString(clear);
    }

    /// <summary>Reads the master key from configuration or from the data directory; makes it when there is none.</summary>
    public static KeyRing Load(string? configured, string dataDirectory)
    {
        if (configured is not null)
        {
            var key = new byte[32];
            return Convert.TryFromBase64String(configured, key, out var length) && length == 32
                ? new KeyRing(key)
                : throw new Errors.StartupException("Millrace:MasterKey must be 32 bytes in base64.");
        }

        var path = Path.Combine(dataDirectory, "keys", "master.key");
        if (!File.Exists(path))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            };
            using var file = new FileStream(path, options);
            file.Write(RandomNumberGenerator.GetBytes(32));
        }

        return new KeyRing(File.ReadAllBytes(path));
    }
}
