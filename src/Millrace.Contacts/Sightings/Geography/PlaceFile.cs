using System.Buffers.Binary;
using Millrace.Contacts.Contracts;

namespace Millrace.Contacts.Sightings.Geography;

/// <summary>A database of addresses, wholly in memory and never written. Safe for many threads; whatever the file holds, a look-up ends and does not throw.</summary>
internal abstract class PlaceFile
{
    /// <summary>Larger ones are refused: the file is held in memory.</summary>
    public const long MaxBytes = 1_000_000_000;

    /// <summary>What it holds, for people: <c>countries, IPv4</c>.</summary>
    public abstract string Holds { get; }

    /// <summary>Whether it knows regions, cities and coordinates beside countries.</summary>
    public abstract bool HasCities { get; }

    /// <param name="address">4 or 16 bytes, in the order of the network.</param>
    /// <returns>Null where the file does not know the address.</returns>
    public abstract Place? Find(ReadOnlySpan<byte> address);

    /// <summary>Reads a file of either format, told by its content.</summary>
    /// <exception cref="InvalidDataException">It is neither, or broken; the message says what is wrong in one line.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static PlaceFile Open(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        // Not mapped: a file that is cut short while it is mapped ends the process.
        if (stream.Length is 0 or > MaxBytes)
        {
            throw new InvalidDataException(stream.Length == 0 ? "it is empty" : "it is larger than a gigabyte");
        }

        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return (PlaceFile?)MaxMindFile.TryOpen(bytes) ?? CountryFile.TryOpen(bytes)
            ?? throw new InvalidDataException("it is neither a MaxMind DB (.mmdb) nor a GeoIP country database (.dat)");
    }

    protected static bool BitAt(ReadOnlySpan<byte> address, int bit) => (address[bit >> 3] & (0x80 >> (bit & 7))) != 0;

    /// <summary>Big-endian, of 1 to 4 bytes.</summary>
    protected static uint BigEndian(ReadOnlySpan<byte> bytes)
    {
        Span<byte> wide = [0, 0, 0, 0];
        bytes.CopyTo(wide[(4 - bytes.Length)..]);
        return BinaryPrimitives.ReadUInt32BigEndian(wide);
    }
}
