using System.Globalization;
using System.Text;
using Millrace.Mail.Mime;

namespace Millrace.Mail.Smtp;

/// <summary>
/// MAIL, RCPT, DATA, body, dot for one recipient. With PIPELINING the three commands go out in one write, the body with its
/// final dot in a second. What is written here is the last line of defence: <see cref="SmtpEnvelope"/> has checked the values.
/// </summary>
internal sealed class SmtpTransaction(
    SmtpWire wire, SmtpCapabilities capabilities, SmtpClientOptions options, SmtpEnvelope envelope, ReadOnlyMemory<byte> message)
{
    private const int Block = 256 * 1024;

    public SmtpStage Stage { get; private set; } = SmtpStage.Mail;

    /// <summary>The final block may have reached the server, and no reply has said what became of it.</summary>
    public bool MayBeAccepted { get; private set; }

    public bool LeavesConnectionUsable { get; private set; } = true;

    public async Task<SmtpSendResult> RunAsync(CancellationToken cancellationToken)
    {
        // Once DATA is on its way there is no turning back: the answer decides, not the caller's patience.
        var refused = capabilities.Pipelining
            ? await PipelinedAsync(CancellationToken.None)
            : await StepByStepAsync(cancellationToken);
        if (refused is not null)
        {
            await ResetAsync(refused);
            return new SmtpSendResult(Stage, refused, HandedOff: false, Misfit(refused));
        }

        await WriteBodyAsync();
        var reply = await wire.ReadReplyAsync(options.FinalDotTimeout, CancellationToken.None); // in handoff
        return await ConcludeAsync(reply);
    }

    /// <returns>The first refusal, or null when the server waits for the body.</returns>
    private async Task<SmtpReply?> PipelinedAsync(CancellationToken cancellationToken)
    {
        await wire.WriteAsync(MailCommand() + RcptCommand() + "DATA\r\n", options.CommandTimeout, cancellationToken);
        var mail = await wire.ReadReplyAsync(options.CommandTimeout, cancellationToken);
        if (mail.Code == 421)
        {
            return mail;
        }

        Stage = mail.IsPositive ? SmtpStage.Rcpt : SmtpStage.Mail;
        var rcpt = await wire.ReadReplyAsync(options.CommandTimeout, cancellationToken);
        var refused = !mail.IsPositive ? mail : !rcpt.IsPositive ? rcpt : null;
        if (rcpt.Code == 421)
        {
            return refused;
        }

        Stage = refused is null ? SmtpStage.Data : Stage;
        var data = await wire.ReadReplyAsync(options.DataTimeout, cancellationToken);
        if (data.Code != 354)
        {
            return refused ?? data;
        }

        if (refused is not null)
        {
            // The server wants a body although it refused the recipient: RFC 2920 says, send it none.
            await wire.WriteAsync(".\r\n", options.BlockTimeout, cancellationToken);
            await wire.ReadReplyAsync(options.FinalDotTimeout, cancellationToken);
        }

        return refused;
    }

    private async Task<SmtpReply?> StepByStepAsync(CancellationToken cancellationToken)
    {
        var reply = await AskAsync(MailCommand(), options.CommandTimeout, cancellationToken);
        if (!reply.IsPositive)
        {
            return reply;
        }

        Stage = SmtpStage.Rcpt;
        reply = await AskAsync(RcptCommand(), options.CommandTimeout, cancellationToken);
        if (!reply.IsPositive)
        {
            return reply;
        }

        Stage = SmtpStage.Data;
        cancellationToken.ThrowIfCancellationRequested();
        reply = await AskAsync("DATA\r\n", options.DataTimeout, CancellationToken.None); // handoff begins
        return reply.Code == 354 ? null : reply;
    }

    /// <summary>No pause between body and final dot: one write for all but large messages.</summary>
    private async Task WriteBodyAsync()
    {
        Stage = SmtpStage.Body;
        using var block = new MailBuffer(Math.Min(message.Length + (message.Length / 64) + 16, Block + 1024), headroom: 0);
        var rest = message;
        while (rest.Length > Block)
        {
            var cut = rest.Span[..Block].LastIndexOf("\r\n"u8) + 2;
            if (cut < 2)
            {
                throw new InvalidOperationException("A line of the message is longer than a block.");
            }

            block.Clear();
            DotStuffing.Stuff(rest.Span[..cut], block);
            await wire.WriteAsync(block.Memory, options.BlockTimeout, CancellationToken.None); // in handoff
            rest = rest[cut..];
        }

        block.Clear();
        DotStuffing.Stuff(rest.Span, block);
        block.Write(message.Span.EndsWith("\r\n"u8) ? ".\r\n"u8 : message.IsEmpty ? ".\r\n"u8 : "\r\n.\r\n"u8);
        wire.Transcript?.SentBody(message.Length);
        (Stage, MayBeAccepted) = (SmtpStage.FinalDot, true);
        await wire.WriteAsync(block.Memory, options.BlockTimeout, CancellationToken.None); // in handoff
    }

    private async Task<SmtpSendResult> ConcludeAsync(SmtpReply reply)
    {
        if (reply.IsPositive)
        {
            (Stage, LeavesConnectionUsable) = (SmtpStage.Done, !wire.HasUnreadInput);
            return new SmtpSendResult(Stage, reply, HandedOff: true);
        }

        var misfit = Misfit(reply);
        MayBeAccepted = misfit is not null;
        await ResetAsync(reply);
        return new SmtpSendResult(SmtpStage.FinalDot, reply, MayBeAccepted, misfit);
    }

    /// <summary>Clears what the server remembers of a refused transaction. A failure here is the connection's, not the message's.</summary>
    private async Task ResetAsync(SmtpReply refusal)
    {
        LeavesConnectionUsable = false;
        if (refusal.Code == 421 || Misfit(refusal) is not null)
        {
            return;
        }

        try
        {
            LeavesConnectionUsable = (await AskAsync("RSET\r\n", options.CommandTimeout, CancellationToken.None)).Code == 250;
        }
        catch (Exception e) when (e is IOException or TimeoutException)
        {
            // Closed by the caller, since not usable.
        }
    }

    private static SmtpProtocolException? Misfit(SmtpReply reply) =>
        reply.Code >= 400 ? null : new SmtpProtocolException("The server's reply does not fit the command.");

    private async Task<SmtpReply> AskAsync(string command, TimeSpan timeout, CancellationToken cancellationToken)
    {
        await wire.WriteAsync(command, timeout, cancellationToken);
        return await wire.ReadReplyAsync(timeout, cancellationToken);
    }

    private string MailCommand()
    {
        var command = new StringBuilder("MAIL FROM:<").Append(envelope.From).Append('>');
        if (capabilities.HasSize)
        {
            command.Append(CultureInfo.InvariantCulture, $" SIZE={message.Length}");
        }

        if (capabilities.EightBitMime && !Ascii.IsValid(message.Span))
        {
            command.Append(" BODY=8BITMIME");
        }

        return command.Append("\r\n").ToString();
    }

    private string RcptCommand() => $"RCPT TO:<{envelope.To}>\r\n";
}
