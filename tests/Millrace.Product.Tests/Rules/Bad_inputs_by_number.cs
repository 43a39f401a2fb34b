using System.Globalization;
using System.Text.RegularExpressions;

namespace Millrace.Product.Tests.Rules;

/// <summary>Which test stands for which bad input of the reliability rules (1 to 142), so that none is forgotten when tests move.</summary>
public sealed partial class Bad_inputs_by_number
{
    private const int Last = 142;

    /// <summary>Numbers, file below <c>tests/Millrace.</c>, and a name or text that stands in it.</summary>
    private const string Tested = """
        1-13 Mail.Tests/Addresses/EmailAddressTests What_is_no_plain_address_is_refused_as_email_invalid
        8 Contacts.Tests/People/EmailAddressTests A_domain_of_254_characters_is_refused
        14 Contacts.Tests/People/EmailAddressTests What_is_no_address_is_refused
        15 Contacts.Tests/People/EmailAddressTests A_local_part_beyond_ascii_is_said_to_be_unsupported
        16 Contacts.Tests/People/ContactSliceTests A_taken_address_a_stale_version_and_a_foreign_contact_are_refused
        17-22 Product.Tests/Rules/AbuseInputsTests Text_stays_text_in_every_place_that_takes_one
        23-25 Product.Tests/Rules/AbuseInputsTests Text_that_cannot_be_stored_is_a_malformed_request
        26-27 Product.Tests/Rules/AbuseInputsTests A_name_of_201_characters_is_422_and_of_ten_megabytes_413
        28 Mail.Tests/Mime/MimeMessageTests Invisible_and_reordering_characters_are_taken_out_of_subject_and_sender
        29-31 Product.Tests/Rules/AbuseInputsTests What_would_make_a_header_of_its_own_is_refused_before_anything_is_sent
        32 Mail.Tests/Mime/MimeMessageTests Custom_headers_cannot_take_the_place_of_the_products_own
        33 Mail.Tests/Smtp/SmtpPoolTests What_would_break_out_of_a_command_is_refused
        34 Messaging.Tests/Senders/SenderDomainTests sender_not_verified
        35-36 Segments.Tests/ParserTests What_is_wrong_is_told_with_its_place
        37-38 Contacts.Tests/People/ContactSliceTests Hostile_queries_are_refused
        39 Segments.Tests/ParserTests What_is_wrong_is_told_with_its_place
        40 Product.Tests/Rules/AbuseInputsTests Too_many_filters_and_too_many_values_are_refused
        41 Product.Tests/Rules/AbuseInputsTests A_tree_of_eleven_levels_is_refused_wherever_one_is_taken
        42 Segments.Tests/ParserTests Limits_hold
        43 Segments.Tests/ParserTests No_character_of_the_input_reaches_the_sql
        44-45 Contacts.Tests/Fields/FieldValueParserTests 2024-02-30
        46-47 Contacts.Tests/People/ContactSliceTests Hostile_queries_are_refused
        48-51 Product.Tests/Rules/AbuseInputsTests Ids_of_others_in_path_body_parent_and_job_change_nothing
        52 Product.Tests/Rules/AbuseInputsTests A_merge_with_a_row_of_another_account_finds_nothing_and_changes_nothing
        53 Product.Tests/Rules/AbuseInputsTests A_file_of_another_account_is_not_found_by_its_number_nor_by_its_link
        54-55 Product.Tests/Rules/AbuseInputsTests Ids_of_others_in_path_body_parent_and_job_change_nothing
        56-57 Product.Tests/Rules/AbuseInputsTests An_id_that_is_none_is_not_found
        58 Product.Tests/Rules/AbuseInputsTests An_id_of_5000_characters_is_not_found
        59-72 Kernel.Tests/SafeHttpTests A_url_that_leads_inside_or_elsewhere_is_refused_even_when_http_is_allowed
        73-74 Kernel.Tests/SafeHttpTests A_name_that_resolves_to_a_private_address_is_not_connected_to
        75 Kernel.Tests/SafeHttpTests A_redirect_is_an_answer_and_not_followed
        76 Kernel.Tests/SafeHttpTests Of_an_endless_body_only_the_beginning_is_read
        77 Kernel.Tests/SafeHttpTests A_compressed_body_is_not_unpacked
        78 Kernel.Tests/SafeHttpTests A_body_that_drips_ends_with_the_callers_patience
        83 Messaging.Tests/Links/PublicTokenTests Rubbish_is_refused
        84 Messaging.Tests/Links/PublicTokenTests A_token_of_10_KB_is_refused
        79-81 Messaging.Tests/Tracking/TrackingTests A_bad_token_gives_the_same_page_whatever_is_wrong_and_the_pixel_gives_its_bytes
        85-87 Messaging.Tests/Links/LinkExtractorTests A_link_that_leads_nowhere_good_is_refused
        88 Messaging.Tests/Personalization/EncodingTests A_value_in_a_link_is_percent_encoded
        89 Messaging.Tests/Tracking/TrackingTests Showing_the_unsubscribe_page_changes_nothing_and_its_form_unsubscribes_from_the_lists_of_the_mail
        90 Messaging.Tests/Tracking/TrackingTests One_click_unsubscribes_at_once_and_twice_is_once
        91-99 Messaging.Tests/Sanitizing/HtmlSanitizerTests Nothing_live_is_left
        100-101 Messaging.Tests/Sanitizing/HtmlSanitizerTests Too_deep_a_nest_is_refused_before_it_is_parsed
        102 Messaging.Tests/Sanitizing/HtmlSanitizerTests Cleaning_the_clean_changes_nothing
        103 Messaging.Tests/Personalization/ConditionTests Unbalanced_conditions_are_refused
        104 Messaging.Tests/Personalization/ConditionTests Eleven_nested_conditions_are_refused
        105 Messaging.Tests/Personalization/ConditionTests More_than_5000_tags_are_refused
        106 Messaging.Tests/Personalization/TokenTests A_field_default_applies_when_neither_value_nor_fallback_is_there
        107-108 Messaging.Tests/Personalization/ConditionTests A_condition_decides
        109-111 Contacts.Tests/Export/CsvTextTests Formulas_are_neutralised_and_restored
        112 Contacts.Tests/Import/CsvReaderTests Ten_thousand_columns_are_read
        113 Contacts.Tests/Import/CsvReaderTests An_unclosed_quote_costs_one_line_only
        114 Contacts.Tests/Import/ImportTests Utf16_is_recognised
        115 Contacts.Tests/Import/ImportTests A_wrong_mapping_is_refused_before_anything_happens
        121-123 Product.Tests/Rules/AbuseInputsTests Json_that_nobody_writes_is_a_malformed_request
        124 Product.Tests/Rules/AbuseInputsTests A_form_is_no_json_and_a_key_in_the_query_is_no_key
        125-126 Product.Tests/Rules/AbuseInputsTests A_request_that_two_servers_would_read_differently_is_not_answered_twice
        129 Product.Tests/Rules/RouteRulesTests A_body_of_more_than_a_megabyte_is_refused_with_413
        135 Product.Tests/Rules/AbuseInputsTests A_form_is_no_json_and_a_key_in_the_query_is_no_key
        140 Messaging.Tests/Links/BounceAddressTests No_changed_guessed_or_borrowed_address_is_taken
        """;

    /// <summary>What has no place to be put in yet; whoever builds that place moves the line up.</summary>
    private static readonly Dictionary<string, string> Later = new()
    {
        ["116-120"] = "no files are uploaded but CSV yet",
        ["82"] = "one host serves every account yet; the account is part of what the token signs",
        ["127"] = "one host serves every account yet",
        ["128"] = "no header of a proxy is read",
        ["130-132"] = "no second factor and no reset of passwords by link yet",
        ["133-134"] = "no OAuth yet",
        ["136-139"] = "no hooks of providers yet",
        ["141-142"] = "no SMS yet",
    };

    [Fact]
    public void Each_has_a_test_that_exists_or_a_reason()
    {
        var tests = Root();
        var (seen, missing) = (new HashSet<int>(), new List<string>());
        foreach (var line in Tested.Split('\n').Select(l => l.Split(' ', 3)))
        {
            var file = Path.Combine(tests, "Millrace." + line[1] + ".cs");
            if (!File.Exists(file) || !File.ReadAllText(file).Contains(line[2], StringComparison.Ordinal))
            {
                missing.Add(string.Join(' ', line));
            }

            seen.UnionWith(Numbers(line[0]));
        }

        missing.ShouldBeEmpty();
        Later.Keys.SelectMany(Numbers).Where(seen.Contains).ShouldBeEmpty("tested, so no longer for later");
        Enumerable.Range(1, Last).Except(seen).Except(Later.Keys.SelectMany(Numbers)).ShouldBeEmpty();
    }

    private static IEnumerable<int> Numbers(string text)
    {
        var parts = Range().Match(text).Groups;
        var first = int.Parse(parts[1].Value, CultureInfo.InvariantCulture);
        return Enumerable.Range(first, (parts[2].Success ? int.Parse(parts[2].Value, CultureInfo.InvariantCulture) : first) - first + 1);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!Directory.Exists(Path.Combine(folder!.FullName, "tests", "Millrace.TestKit")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder.FullName, "tests");
    }

    [GeneratedRegex("^([0-9]+)(?:-([0-9]+))?$")]
    private static partial Regex Range();
}
