using System.Globalization;
using System.Text;
using Millrace.Mail.Smtp;

namespace Millrace.Mail.Receiving;

/// <summary>
/// What a handler has the receiver say. A <see cref="SmtpReply"/> is one; the other members are for servers that misbehave on purpose.
/// </summary>
public sealed record SmtpAnswer
{
    /// <summary>The bytes to write, line ends included. Empty = say nothing.</summary>
    public ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>The code of the reply: decides how the session goes on.</summary>
    public int Code { get; init; }

    /// <summary>Wait before writing.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Write so many bytes at a time, <see cref="PieceDelay"/> apart; 0 = all at once.</summary>
    public int PieceSize { get; init; }

    public TimeSpan PieceDelay { get; init; }

    public SmtpEnding Then { get; init; }

    public static implicit operator SmtpAnswer(SmtpReply reply) => From(reply);

    public static SmtpAnswer From(SmtpReply reply)
    {
        var text = new StringBuilder();
        var lines = reply.Text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{reply.Code}{(i < lines.Length - 1 ? '-' : ' ')}{lines[i]}\r\n");
        }

        return new SmtpAnswer { Bytes = Encoding.UTF8.GetBytes(text.ToString()), Code = reply.Code };
    }

    /// <summary>Nothing said, connection closed.</summary>
    public static SmtpAnswer Drop { get; } = new() { Code = 421, Then = SmtpEnding.Close };
}

/// <summary>What happens to the connection after an answer. 421 closes anyway.</summary>
public enum SmtpEnding
{
    GoOn,
    Close,

    /// <summary>A reset instead of an orderly close.</summary>
    Abort,
}
