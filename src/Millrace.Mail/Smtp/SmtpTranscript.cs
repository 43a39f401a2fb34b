using System.Globalization;
using System.Text;

namespace Millrace.Mail.Smtp;

/// <summary>
/// What was said on a connection, for people: <c>&gt;</c> is ours, <c>&lt;</c> the server's, in front of each the milliseconds since the conversation began.
/// Passwords and bodies never stand in it.
/// </summary>
internal sealed class SmtpTranscript
{
    private const int MaxLength = 6_000;

    private readonly StringBuilder _text = new(512);
    private long _begun = Environment.TickCount64;

    public void Restart()
    {
        _text.Clear();
        _begun = Environment.TickCount64;
    }

    public void Sent(string commands)
    {
        foreach (var line in commands.AsSpan().EnumerateLines())
        {
            if (!line.IsEmpty)
            {
                Add('>', line);
            }
        }
    }

    public void SentBody(int bytes) => Add('>', string.Create(CultureInfo.InvariantCulture, $"[message, {bytes} bytes]"));

    public void Received(SmtpReply reply)
    {
        foreach (var line in reply.Lines)
        {
            Add('<', string.Create(CultureInfo.InvariantCulture, $"{reply.Code} {line}"));
        }
    }

    public void Note(string text) => Add('*', text);

    public override string ToString() => _text.ToString();

    private void Add(char who, ReadOnlySpan<char> line)
    {
        if (_text.Length < MaxLength)
        {
            _text.Append(CultureInfo.InvariantCulture, $"{Environment.TickCount64 - _begun} {who} ").Append(line.Length > 500 ? line[..500] : line).Append('\n');
        }
    }
}
