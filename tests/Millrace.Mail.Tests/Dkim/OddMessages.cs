using System.Text;
using Millrace.Mail.Tests.Mime;

namespace Millrace.Mail.Tests.Dkim;

/// <summary>Messages as hostile to a canonical form as mail allows: blanks, dots, empty and long lines, 8-bit text.</summary>
internal static class OddMessages
{
    private static readonly string[] Pieces =
    [
        " ", "  ", "\t", "\r\n", "\r\n\r\n", ".", "..", "\r\n.\r\n", "word", "ü", "你好", "=", "=20", " \r\n", "\t\r\n", "From ", "--", "\u00a0", "👍", "\r\n ",
    ];

    public static byte[] Next(Random random, int index)
    {
        var text = Body(random, index);
        return index % 2 == 0
            ? MimeMessageTests.Render(MimeMessageTests.Sample with
            {
                Subject = $"No {index} {string.Concat(random.GetItems(["a", " ", "ü", "語", "="], 30))}",
                TextBody = text.AsMemory(),
                HtmlBody = index % 4 == 0 ? ("<p>" + text).AsMemory() : default,
            })
            : Raw(text, index);
    }

    /// <summary>A body alone, of which the writer's own changes (line ends) can be foretold.</summary>
    public static string Text(Random random, int index) => Body(random, index) + "end";

    private static string Body(Random random, int index) => (index % 7) switch
    {
        0 => "",
        1 => new string('x', 990) + "\r\n" + new string(' ', 990) + "\r\n",
        2 => "\r\n\r\n\r\n",
        _ => string.Concat(random.GetItems(Pieces, random.Next(200))),
    };

    /// <summary>8-bit bytes and folds of its own, past the writer's care.</summary>
    private static byte[] Raw(string body, int index) => Encoding.UTF8.GetBytes(
        $"Received: from x\r\n\tby y\r\nFROM:  Shop   <shop@example.com>\r\nTo: a@example.org,\r\n\t b@example.org\r\nSubject:  No {index}   folded\r\n \t and on  \r\n"
        + $"Date: Sat, 21 Nov 2026 06:00:00 +0000\r\nMessage-ID: <{index}@example.com>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}"
        + (body.EndsWith('\n') || body.Length == 0 ? "" : "\r\n"));
}
