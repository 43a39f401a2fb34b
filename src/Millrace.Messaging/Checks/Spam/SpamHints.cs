namespace Millrace.Messaging.Checks.Spam;

/// <summary>What an author can do about a rule that the mail meets. The most telling rules are here by name or by the beginning of their name.</summary>
internal static class SpamHints
{
    private static readonly (string Rule, string Hint)[] Hints =
    [
        ("FREEMAIL_", "The sender's address is of a free mail service. Send from an address of your own domain."),
        ("DEAR_FRIEND", "“Dear friend” stands where a name should be. Use %FIRSTNAME% with a fallback."),
        ("DEAR_SOMETHING", "“Dear” stands before something that is no name, often a tag without a value. Give the tag a fallback."),
        ("PLING_QUERY", "The subject has an exclamation mark and a question mark. Take one of them out."),
        ("SUBJ_ALL_CAPS", "The subject is in capitals. Write it as you would to a friend."),
        ("SUBJ_DOLLARS", "The subject begins with an amount of money. Put it elsewhere."),
        ("SUBJ_BUY", "The subject begins with “Buy”. Say what the reader gets instead."),
        ("SUBJ_YOUR_FAMILY", "“Your family” in the subject is typical of spam. Word it differently."),
        ("SUBJ_AS_SEEN", "“As seen” in the subject is typical of spam. Word it differently."),
        ("GAPPY_SUBJECT", "Letters of the subject are spaced out. Write words as words."),
        ("HTML_IMAGE_ONLY_", "There are few words beside the images. Add text: some readers see no images at all."),
        ("HTML_IMAGE_RATIO_", "There is little text for so much image. Balance them; a well designed mail may ignore this."),
        ("HTML_SHORT_LINK_IMG_", "The mail is hardly more than a linked image. Add some text."),
        ("HTML_OBFUSCATE_", "Much of the HTML is invisible to readers. Often a false alarm with designed mails; simplify HTML blocks of your own if you can."),
        ("HTML_TAG_BALANCE_", "An HTML block opens tags it does not close. Mend the HTML."),
        ("HTML_EXTRA_CLOSE", "An HTML block closes more tags than it opens. Mend the HTML."),
        ("HTML_FONT_LOW_CONTRAST", "Text has almost the colour of its background. Make it readable; hidden text looks like deceit."),
        ("HTML_FONT_SIZE_", "Some text is very large. Use a smaller size."),
        ("HTML_FONT_FACE_BAD", "A font's name is no word. Choose one of the fonts offered."),
        ("HTTP_ESCAPED_HOST", "A link has percent escapes in its host, most often a tag that was not filled. Ignore it if the link works in the preview."),
        ("NUMERIC_HTTP_ADDR", "A link leads to a number in place of a name. Use a domain."),
        ("URI_HEX", "A link's host has a long hexadecimal number. Use another address, or a domain of your own for links."),
        ("URI_UNSUBSCRIBE", "The address of an unsubscribe link is typical of spam. Use %UNSUBSCRIBELINK%."),
        ("URIBL_", "A link or an image is at an address on a blocklist. Move it to another host."),
        ("URL_SHORTENER", "A link goes through a link shortener. Link to the page itself."),
        ("SHORTENER", "A link goes through a link shortener. Link to the page itself."),
        ("EXCUSE_REMOVE", "The sentence about unsubscribing is typical of spam. Leave out “here”, and let the link say it: Unsubscribe."),
        ("EXCUSE_", "The sentence about unsubscribing is typical of spam. Leave out “here”, and let the link say it: Unsubscribe."),
        ("UNSUB", "The sentence about unsubscribing is typical of spam. Leave out “here”, and let the link say it: Unsubscribe."),
        ("MARKETING_PARTNERS", "“Marketing partner” is typical of spam. Word it differently."),
        ("ONE_TIME", "“One time” with an offer is typical of spam. Word it differently."),
        ("LUCRATIVE", "“Lucrative” or “profitable” is typical of spam. Word it differently."),
        ("PROFIT", "“Lucrative” or “profitable” is typical of spam. Word it differently."),
        ("LOSE_", "“Lose pounds” is typical of spam. Word it differently."),
        ("DIET", "Words about losing weight are typical of spam. Word it differently."),
        ("COMPENSATION", "“Your compensation” is typical of spam. Word it differently."),
        ("FRAUD_", "Several phrases are those of fraud mails. Read the text with that in mind, and word it differently."),
        ("ADVANCE_FEE", "Several phrases are those of fraud mails. Read the text with that in mind, and word it differently."),
        ("MONEY_", "Several phrases about money are those of fraud mails. Word it differently."),
        ("LOTS_OF_MONEY", "The mail speaks of a large sum of money. Say it with less stress, if you can."),
        ("DRUG", "Names of medicines are typical of spam. If you sell them, use fewer of the names."),
        ("FUZZY_", "A word looks like a disguised spelling. Check the spelling."),
        ("TRACKER_ID", "A long word looks like a tracking number. Shorten it."),
        ("TO_NO_BRKTS_", "A matter of how the check is made. Ignore it."),
        ("MPART_ALT_DIFF", "The text part says something else than the HTML. Let it be made from the design, or bring it up to date."),
        ("MIME_HTML_ONLY", "There is no text part. Let it be made from the design."),
        ("MIME_HTML_MOSTLY", "The text part is very short beside the HTML. Let it be made from the design."),
        ("GUARANTEED_100_PERCENT", "“100% guaranteed” is typical of spam. Word it differently."),
        ("URG_BIZ", "The text presses for hurry. Word it calmly."),
        ("CLICK_", "“Click here” is typical of spam. Say where the link leads."),
        ("BODY_", "The wording is typical of spam. Word it differently."),
        ("REMOTE_IMAGE", "The mail loads images, as designed mails do. Ignore it."),
        ("T_REMOTE_IMAGE", "The mail loads images, as designed mails do. Ignore it."),
        ("HTML_MESSAGE", "The mail is in HTML, as designed mails are. Ignore it."),
    ];

    /// <summary>Rules about the way a mail has come: this one has not been sent yet.</summary>
    private static readonly string[] OfTransport =
    [
        "NO_RECEIVED", "NO_RELAYS", "ALL_TRUSTED", "UNPARSEABLE_RELAY", "FORGED_GMAIL_RCVD", "FORGED_YAHOO_RCVD", "FORGED_HOTMAIL_RCVD", "FORGED_MUA_", "MSGID_SHORT", "TO_NO_BRKTS_",
        "DKIM_", "SPF_", "DMARC_", "RCVD_", "HELO_", "RDNS_", "BAYES_", "AWL", "TXREP", "USER_IN_", "TO_EQ_FM_", "TVD_RCVD_", "KHOP_HELO_", "MISSING_", "DATE_IN_", "INVALID_DATE",
    ];

    /// <summary>Null: nothing better to say than the rule itself.</summary>
    public static string? For(string rule) => Array.Find(Hints, h => rule.StartsWith(h.Rule, StringComparison.Ordinal)).Hint;

    /// <summary>Whether the rule says something of the content, which is all that is checked.</summary>
    public static bool IsOfContent(string rule) => !Array.Exists(OfTransport, t => rule.StartsWith(t, StringComparison.Ordinal));
}
