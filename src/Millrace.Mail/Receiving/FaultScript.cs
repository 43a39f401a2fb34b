using System.Globalization;
using System.Text;
using Millrace.Mail.Smtp;

namespace Millrace.Mail.Receiving;

/// <summary>
/// Faults asked for by name, joined by <c>+</c>; words it does not know (such as a number that makes an address unique) do nothing.
/// Stages are <c>banner ehlo mail rcpt data body dot</c>.
/// <list type="table">
/// <item><term>m- r- d- dot-{code}[-{enhanced}]</term><description>this reply at MAIL, RCPT, DATA, the final dot; likewise banner- and ehlo-</description></item>
/// <item><term>tarpit-{ms}[-{stage}]</term><description>the reply comes late</description></item>
/// <item><term>multiline, garbage, split, long-8k, slow-1bps [-{stage}]</term><description>the reply in a strange form; at RCPT unless told</description></item>
/// <item><term>drop-{stage}</term><description>closed instead of an answer; drop-body in the middle of the message</description></item>
/// <item><term>acceptdrop, accept-rst, acceptlate-{s}</term><description>recorded, then closed, reset, or answered late</description></item>
/// <item><term>421-after-{n}, drop-after-{n}</term><description>421 to MAIL (or RCPT), or closed instead of an answer, after n messages on a connection</description></item>
/// <item><term>idleclose</term><description>closed right after the good answer</description></item>
/// <item><term>noext, nopipelining, nostarttls, notls-after-starttls, size-{n}</term><description>what EHLO and STARTTLS say; for a connection only</description></item>
/// </list>
/// </summary>
public sealed class FaultScript
{
    private static readonly string[] Shapes = ["multiline", "garbage", "split", "long-8k", "slow-1bps"];

    private static readonly Dictionary<string, string> ReplyStages = new(StringComparer.Ordinal)
    {
        ["banner"] = "banner",
        ["ehlo"] = "ehlo",
        ["m"] = "mail",
        ["r"] = "rcpt",
        ["d"] = "data",
        ["dot"] = "dot",
    };

    private readonly string[] _words;

    private FaultScript(string[] words) => _words = words;

    public static FaultScript None { get; } = new([]);

    /// <param name="text">A local part, or directives for a connection.</param>
    public static FaultScript Read(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        var words = (at < 0 ? text : text[..at]).ToLowerInvariant().Split('+', StringSplitOptions.RemoveEmptyEntries);

        // A sink takes thousands a second, and nearly all have none.
        return words.Any(w => w.Contains('-', StringComparison.Ordinal) || w is "acceptdrop" or "idleclose" or "noext" or "nopipelining" or "nostarttls" || Shapes.Contains(w))
            ? new FaultScript(words)
            : None;
    }

    public bool Has(string word) => _words.Contains(word);

    /// <summary>The number of <c>{name}-{number}</c>, or null.</summary>
    public double? Number(string name)
    {
        foreach (var word in _words)
        {
            if (word.StartsWith(name + "-", StringComparison.Ordinal)
                && double.TryParse(word.AsSpan(name.Length + 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return number;
            }
        }

        return null;
    }

    /// <summary>What is said at a stage instead of <paramref name="normal"/>.</summary>
    public SmtpAnswer At(string stage, SmtpAnswer normal)
    {
        foreach (var word in _words)
        {
            normal = Apply(word, stage, normal);
        }

        return normal;
    }

    private static SmtpAnswer Apply(string word, string stage, SmtpAnswer answer)
    {
        if (word.Equals("drop-" + stage, StringComparison.Ordinal))
        {
            return SmtpAnswer.Drop;
        }

        var parts = word.Split('-');
        if (parts[0] is "tarpit" && parts.Length > 1 && int.TryParse(parts[1], CultureInfo.InvariantCulture, out var late) && stage.Equals(parts.Length > 2 ? parts[2] : "rcpt", StringComparison.Ordinal))
        {
            return answer with { Delay = TimeSpan.FromMilliseconds(late) };
        }

        if (stage.Equals(ReplyStages.GetValueOrDefault(parts[0]), StringComparison.Ordinal) && parts.Length > 1 && int.TryParse(parts[1], CultureInfo.InvariantCulture, out var code))
        {
            return SmtpAnswer.From(new SmtpReply(code, parts.Length > 2 ? $"{parts[2]} as asked" : "as asked"));
        }

        var shape = Array.Find(Shapes, s => word.Equals(stage is "rcpt" && !word.EndsWith("-rcpt", StringComparison.Ordinal) ? s : $"{s}-{stage}", StringComparison.Ordinal));
        return shape is null ? answer : Shape(shape, answer);
    }

    private static SmtpAnswer Shape(string shape, SmtpAnswer answer) => shape switch
    {
        "multiline" => answer with { Bytes = Ascii($"{answer.Code}-first of three\r\n{answer.Code}-second\r\n{answer.Code} third\r\n") },
        "garbage" => answer with { Bytes = new byte[] { 0x00, 0xff, 0x16, 0x03, (byte)'x', 0x0d, 0x0a } },
        "long-8k" => answer with { Bytes = Ascii($"{answer.Code} {new string('x', 8 * 1024)}\r\n") },
        "split" => answer with { PieceSize = 1 },
        _ => answer with { PieceSize = 1, PieceDelay = TimeSpan.FromSeconds(1) },
    };

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);
}
