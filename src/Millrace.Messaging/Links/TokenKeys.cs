namespace Millrace.Messaging.Links;

/// <summary>Keys that sign public tokens: one signs, all of them verify, so that a key can be replaced while old mails live on.</summary>
internal sealed class TokenKeys
{
    private readonly byte[]?[] _keys = new byte[]?[256];

    /// <param name="currentId">The key that signs from now on.</param>
    /// <param name="keys">At least 32 bytes each.</param>
    public TokenKeys(byte currentId, IReadOnlyDictionary<byte, byte[]> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        foreach (var (id, key) in keys)
        {
            _keys[id] = key.Length >= 32 ? key : throw new ArgumentException("A token key has at least 32 bytes.", nameof(keys));
        }

        CurrentId = _keys[currentId] is not null ? currentId : throw new ArgumentException("The current key is missing.", nameof(currentId));
    }

    public byte CurrentId { get; }

    /// <summary>Empty when there is no such key.</summary>
    public ReadOnlySpan<byte> Find(byte id) => _keys[id];
}
