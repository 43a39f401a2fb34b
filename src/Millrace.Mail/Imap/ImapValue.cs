using System.Globalization;
using System.Text;

namespace Millrace.Mail.Imap;

/// <summary>One value of an answer: an atom, a text (quoted or literal), a list, or NIL.</summary>
internal sealed class ImapValue
{
    public static readonly ImapValue Nil = new(null, null, isAtom: false);

    private ImapValue(byte[]? bytes, IReadOnlyList<ImapValue>? items, bool isAtom) => (Bytes, Items, IsAtom) = (bytes, items, isAtom);

    public byte[]? Bytes { get; }

    /// <summary>Null when it is no list.</summary>
    public IReadOnlyList<ImapValue>? Items { get; }

    public bool IsAtom { get; }

    /// <summary>Empty for lists and NIL.</summary>
    public string Text => Bytes is null ? "" : Encoding.Latin1.GetString(Bytes);

    public uint? Number => uint.TryParse(Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static ImapValue Atom(byte[] bytes) => bytes.AsSpan().SequenceEqual("NIL"u8) ? Nil : new(bytes, null, isAtom: true);

    public static ImapValue String(byte[] bytes) => new(bytes, null, isAtom: false);

    public static ImapValue List(IReadOnlyList<ImapValue> items) => new(null, items, isAtom: false);

    public bool Is(string atom) => IsAtom && Text.Equals(atom, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Reads the values of one answer, whose literals stand in it already. Never throws but <see cref="ImapException"/>.</summary>
internal ref struct ImapParser(ReadOnlySpan<byte> input, IReadOnlyList<byte[]> literals, int maxDepth)
{
    /// <summary>Stands where a literal was in the line; cannot occur in one.</summary>
    public const byte Literal = 0;

    private readonly ReadOnlySpan<byte> _input = input;
    private int _at;
    private int _literal;

    public List<ImapValue> All()
    {
        var values = new List<ImapValue>();
        Skip();
        while (_at < _input.Length)
        {
            values.Add(One(0));
            Skip();
        }

        return values;
    }

    private ImapValue One(int depth)
    {
        switch (_input[_at])
        {
            case (byte)'(':
                return ListAt(depth);
            case (byte)'"':
                return Quoted();
            case Literal when _literal < literals.Count:
                _at++;
                return ImapValue.String(literals[_literal++]);
            case (byte)')' or Literal:
                throw Bad();
            default:
                return AtomAt();
        }
    }

    private ImapValue ListAt(int depth)
    {
        if (depth >= maxDepth)
        {
            throw Bad();
        }

        _at++;
        var items = new List<ImapValue>();
        while (true)
        {
            Skip();
            if (_at >= _input.Length)
            {
                throw Bad();
            }

            if (_input[_at] == ')')
            {
                _at++;
                return ImapValue.List(items);
            }

            items.Add(One(depth + 1));
        }
    }

    private ImapValue Quoted()
    {
        var text = new List<byte>();
        for (_at++; _at < _input.Length; _at++)
        {
            if (_input[_at] == '"')
            {
                _at++;
                return ImapValue.String([.. text]);
            }

            if (_input[_at] == '\\')
            {
                _at++;
            }

            if (_at < _input.Length)
            {
                text.Add(_input[_at]);
            }
        }

        throw Bad();
    }

    /// <summary>Brackets hold together what stands in them: <c>BODY[HEADER.FIELDS (FROM)]&lt;0&gt;</c>, <c>[UIDNEXT 4]</c>.</summary>
    private ImapValue AtomAt()
    {
        var (start, brackets) = (_at, 0);
        for (; _at < _input.Length; _at++)
        {
            var c = _input[_at];
            if (c == '[')
            {
                brackets++;
            }
            else if (c == ']' && brackets > 0)
            {
                brackets--;
            }
            else if (brackets == 0 && c is (byte)' ' or (byte)'(' or (byte)')' or (byte)'"' or Literal && brackets == 0)
            {
                break;
            }
        }

        return _at > start ? ImapValue.Atom(_input[start.._at].ToArray()) : throw Bad();
    }

    private void Skip()
    {
        while (_at < _input.Length && _input[_at] == ' ')
        {
            _at++;
        }
    }

    private static ImapException Bad() => new(ImapFault.Protocol, "The mail server's answer is not IMAP.");
}
