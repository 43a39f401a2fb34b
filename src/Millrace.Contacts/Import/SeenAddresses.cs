using System.Runtime.InteropServices;

namespace Millrace.Contacts.Import;

/// <summary>
/// The addresses that occurred earlier in a file, as 128-bit hashes: 32 bytes or less per address and, for five million of them, a chance of
/// a wrong answer below 10^-24. Rebuilt from the file when an import is resumed.
/// </summary>
internal sealed class SeenAddresses
{
    private const ulong FirstFactor = 0x9E37_79B9_7F4A_7C15;
    private const ulong SecondFactor = 0xC2B2_AE3D_27D4_EB4F;

    private UInt128[] _slots = new UInt128[1 << 12];
    private int _count;

    /// <returns>False when it was there already.</returns>
    public bool Add(string email)
    {
        if (_count * 10L >= _slots.Length * 7L)
        {
            Grow();
        }

        return Insert(_slots, Hash(email)) && ++_count > 0;
    }

    private static bool Insert(UInt128[] slots, UInt128 key)
    {
        var mask = slots.Length - 1;
        for (var at = (int)(ulong)key & mask; ; at = (at + 1) & mask)
        {
            if (slots[at] == key)
            {
                return false;
            }

            if (slots[at] == UInt128.Zero)
            {
                slots[at] = key;
                return true;
            }
        }
    }

    private void Grow()
    {
        var larger = new UInt128[_slots.Length * 2];
        foreach (var key in _slots)
        {
            if (key != UInt128.Zero)
            {
                Insert(larger, key);
            }
        }

        _slots = larger;
    }

    /// <summary>Two independent multiply-and-fold hashes. Whoever makes them collide harms only his own file.</summary>
    private static UInt128 Hash(string email)
    {
        var (first, second) = (FirstFactor, SecondFactor ^ (ulong)email.Length);
        var bytes = MemoryMarshal.AsBytes(email.AsSpan());
        while (bytes.Length >= sizeof(ulong))
        {
            (first, second) = Fold(first, second, MemoryMarshal.Read<ulong>(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        Span<byte> rest = stackalloc byte[sizeof(ulong)];
        rest.Clear();
        bytes.CopyTo(rest);
        (first, second) = Fold(first, second, MemoryMarshal.Read<ulong>(rest));
        (first, second) = Fold(first, second, (ulong)email.Length);
        // Zero marks a free slot.
        return new UInt128(first, second | 1);
    }

    private static (ulong First, ulong Second) Fold(ulong first, ulong second, ulong word)
    {
        var high = Math.BigMul(first ^ word, FirstFactor, out var low);
        var high2 = Math.BigMul(second + word, SecondFactor, out var low2);
        return (high ^ low ^ second, high2 ^ low2 ^ (first << 1));
    }
}
