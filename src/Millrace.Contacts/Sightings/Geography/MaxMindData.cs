using System.Buffers.Binary;
using System.Text;

namespace Millrace.Contacts.Sightings.Geography;

/// <summary>
/// Values of a MaxMind DB, version 2 of the format: a byte says the kind and the size, then comes the value. Pointers save space, so a value is read at most so
/// deep and so long, or a hostile file could lead round in circles.
/// </summary>
/// <param name="bytes">The file.</param>
/// <param name="start">Where the section begins; pointers count from here.</param>
/// <param name="end">Where it ends.</param>
internal sealed class MaxMindData(byte[] bytes, int start, int end)
{
    private const int MaxDepth = 16;
    private const int MaxValues = 5_000;

    /// <summary>Maps become dictionaries, arrays lists, whole numbers <see cref="ulong"/> or <see cref="int"/>, others <see cref="double"/>; what nobody asks for is null.</summary>
    /// <exception cref="InvalidDataException">The file is broken here.</exception>
    public object? Read(long offset)
    {
        if (offset < 0 || offset >= end - start)
        {
            throw Broken();
        }

        return new Reading(this, start + (int)offset).Value(depth: 0);
    }

    private static InvalidDataException Broken() => new("its data is broken");

    private sealed class Reading(MaxMindData section, int at)
    {
        private int _at = at;
        private int _values;

        public object? Value(int depth)
        {
            if (depth > MaxDepth || ++_values > MaxValues)
            {
                throw Broken();
            }

            var control = Take(1)[0];
            var kind = control >> 5;
            if (kind == 1)
            {
                return Pointed(control, depth);
            }

            if (kind == 0)
            {
                kind = Take(1)[0] + 7;
            }

            var size = Size(control & 0x1F);
            return kind switch
            {
                2 => Encoding.UTF8.GetString(Take(size)),
                3 when size == 8 => BinaryPrimitives.ReadDoubleBigEndian(Take(8)),
                15 when size == 4 => (double)BinaryPrimitives.ReadSingleBigEndian(Take(4)),
                5 or 6 or 9 when size <= 8 => Whole(size),
                8 when size <= 4 => (int)Whole(size),
                7 => Map(size, depth),
                11 => List(size, depth),
                14 when size <= 1 => size == 1,
                4 or 10 => Skip(size),
                _ => throw Broken(),
            };
        }

        private object? Pointed(int control, int depth)
        {
            var low = control & 7;
            long target = ((control >> 3) & 3) switch
            {
                0 => ((long)low << 8) | (long)Whole(1),
                1 => (((long)low << 16) | (long)Whole(2)) + 2048,
                2 => (((long)low << 24) | (long)Whole(3)) + 526_336,
                _ => BinaryPrimitives.ReadUInt32BigEndian(Take(4)),
            };
            if (target >= section.End - section.Start)
            {
                throw Broken();
            }

            var back = _at;
            _at = section.Start + (int)target;
            var value = Value(depth + 1);
            _at = back;
            return value;
        }

        private Dictionary<string, object?> Map(int size, int depth)
        {
            var map = new Dictionary<string, object?>(StringComparer.Ordinal);
            for (var i = 0; i < size; i++)
            {
                var key = Value(depth + 1) as string ?? throw Broken();
                map[key] = Value(depth + 1);
            }

            return map;
        }

        private List<object?> List(int size, int depth)
        {
            var list = new List<object?>();
            for (var i = 0; i < size; i++)
            {
                list.Add(Value(depth + 1));
            }

            return list;
        }

        private int Size(int given) => given switch
        {
            < 29 => given,
            29 => 29 + Take(1)[0],
            30 => 285 + (int)Whole(2),
            _ => 65_821 + (int)Whole(3),
        };

        private ulong Whole(int size)
        {
            ulong value = 0;
            foreach (var b in Take(size))
            {
                value = (value << 8) | b;
            }

            return value;
        }

        private object? Skip(int size)
        {
            Take(size);
            return null;
        }

        private ReadOnlySpan<byte> Take(int count)
        {
            if (count > section.End - _at)
            {
                throw Broken();
            }

            _at += count;
            return section.Bytes.AsSpan(_at - count, count);
        }
    }

    private byte[] Bytes => bytes;

    private int Start => start;

    private int End => end;
}
