using System.Text;

namespace Millrace.Messaging.Inbound;

/// <summary>Text from outside as it may be stored and shown: cut, without control characters and half characters.</summary>
internal static class OutsideText
{
    public static string Clean(string text, int length)
    {
        var clean = new StringBuilder(Math.Min(text.Length, length));
        foreach (var rune in text.EnumerateRunes())
        {
            if (clean.Length + 2 > length)
            {
                break;
            }

            clean.Append(Rune.IsControl(rune) ? " " : rune == Rune.ReplacementChar ? "?" : rune.ToString());
        }

        return clean.ToString().Trim();
    }
}
