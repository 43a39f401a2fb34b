using System.Security.Cryptography;
using System.Text;
using Millrace.Kernel.Security;

namespace Millrace.Contacts.People;

/// <summary>A contact's public name in v3: the same for ever, and telling nothing.</summary>
internal sealed class ContactHashes(KeyRing keys)
{
    private readonly byte[] _key = keys.Derive("contact-hash");

    /// <summary>32 hex digits.</summary>
    public string Of(long accountId, long id) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.ASCII.GetBytes(FormattableString.Invariant($"{accountId}/{id}"))).AsSpan(0, 16));
}
