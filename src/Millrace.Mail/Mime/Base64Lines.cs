using System.Buffers;
using System.Buffers.Text;

namespace Millrace.Mail.Mime;

/// <summary>Base64 in lines of 76 characters.</summary>
internal static class Base64Lines
{
    private const int BytesPerLine = 57;

    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var line = bytes[..Math.Min(BytesPerLine, bytes.Length)];
            var target = output.GetSpan(80);
            Base64.EncodeToUtf8(line, target, out _, out var written);
            "\r\n"u8.CopyTo(target[written..]);
            output.Advance(written + 2);
            bytes = bytes[line.Length..];
        }
    }
}
