using System.Buffers;
using System.Text;
using Millrace.Mail.Addresses;

namespace Millrace.Mail.Mime;

/// <summary>Writes headers folded at 76 columns (RFC 5322 2.2.3); text beyond ASCII becomes encoded words (RFC 2047).</summary>
internal readonly struct HeaderWriter(IBufferWriter<byte> output)
{
    public const int Width = 76;
    private const int MaxWord = 900;

    private static readonly SearchValues<char> PhraseAtoms = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~ ");

    private static readonly SearchValues<char> NotInName = SearchValues.Create(
        [.. Enumerable.Range(0, 128).Select(c => (char)c).Where(c => c is <= ' ' or ':' or '\x7f')]);

    public void Text(string name, ReadOnlySpan<char> value)
    {
        var column = Begin(name, value);
        if (NeedsEncoding(value))
        {
            EncodedWords.Write(output, value, column);
        }
        else
        {
            Folded(value, column);
        }

        output.Write("\r\n"u8);
    }

    public void Mailboxes(string name, IReadOnlyList<Mailbox> mailboxes)
    {
        var column = Begin(name, []);
        for (var i = 0; i < mailboxes.Count; i++)
        {
            if (i > 0)
            {
                output.Write(",\r\n "u8);
                column = 1;
            }

            column = One(mailboxes[i], column);
        }

        output.Write("\r\n"u8);
    }

    private int Begin(string name, ReadOnlySpan<char> value)
    {
        if (name.Length is 0 or > 70 || name.AsSpan().ContainsAny(NotInName) || !Ascii.IsValid(name))
        {
            throw new InvalidHeaderException("A header name has 1 to 70 visible ASCII characters without a colon.");
        }

        HeaderText.ThrowIfUnsafe(value, name);
        Raw(name);
        output.Write(": "u8);
        return name.Length + 2;
    }

    private int One(Mailbox mailbox, int column)
    {
        var name = HeaderText.WithoutInvisible(mailbox.Name ?? "");
        HeaderText.ThrowIfUnsafe(name, "A name");
        if (string.IsNullOrWhiteSpace(name))
        {
            Raw(mailbox.Address.Value);
            return column + mailbox.Address.Value.Length;
        }

        if (NeedsEncoding(name) || name.Length > MaxWord / 2)
        {
            column = EncodedWords.Write(output, name, column);
        }
        else
        {
            column = name.AsSpan().ContainsAnyExcept(PhraseAtoms)
                ? Folded($"\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"", column)
                : Folded(name, column);
        }

        return Folded($" <{mailbox.Address.Value}>", column);
    }

    /// <summary>Leading, trailing or doubled blanks would not survive folding, and <c>=?</c> would be taken for an encoded word.</summary>
    private static bool NeedsEncoding(ReadOnlySpan<char> value)
    {
        if (value.IsEmpty)
        {
            return false;
        }

        if (value.ContainsAnyExceptInRange(' ', '~') || value[0] == ' ' || value[^1] == ' '
            || value.IndexOf("=?", StringComparison.Ordinal) >= 0 || value.IndexOf("  ", StringComparison.Ordinal) >= 0)
        {
            return true;
        }

        foreach (var word in value.Split(' '))
        {
            if (word.End.Value - word.Start.Value > MaxWord)
            {
                return true;
            }
        }

        return false;
    }

    private int Folded(ReadOnlySpan<char> value, int column)
    {
        var first = true;
        foreach (var range in value.Split(' '))
        {
            var word = value[range];
            if (!first)
            {
                var fold = column + 1 + word.Length > Width && word.Length > 0 && column > 1;
                output.Write(fold ? "\r\n "u8 : " "u8);
                column = fold ? 1 : column + 1;
            }

            Raw(word);
            column += word.Length;
            first = false;
        }

        return column;
    }

    private void Raw(ReadOnlySpan<char> ascii)
    {
        var span = output.GetSpan(ascii.Length);
        output.Advance(Encoding.ASCII.GetBytes(ascii, span));
    }
}
