# Checks every .eml of a folder with Mail::DKIM (Perl) against the key record in the file 'key'.
use strict;
use warnings;
use Mail::DKIM::Verifier;
use Mail::DKIM::PublicKey;

my $folder = shift;
sub slurp { my $file = shift; open(my $in, '<:raw', $file) or die "$file: $!"; local $/; return <$in>; }
my $record = slurp("$folder/key");
{
    no warnings 'redefine';
    *Mail::DKIM::PublicKey::fetch_async = sub {
        my ($class, %call) = @_;
        my $found = $call{Callbacks} && $call{Callbacks}{Success} || sub { $_[0] };
        return sub { $found->(Mail::DKIM::PublicKey->parse($record)) };
    };
}
my ($pass, @bad) = (0);
for my $file (sort glob("$folder/*.eml")) {
    my $verifier = Mail::DKIM::Verifier->new();
    $verifier->PRINT(slurp($file));
    $verifier->CLOSE;
    if ($verifier->result eq 'pass') { $pass++ } else { push @bad, $file . ': ' . $verifier->result_detail }
}
if (@bad) { print "fail: @bad[0 .. ($#bad > 4 ? 4 : $#bad)]\n"; exit 1 }
print "$pass pass\n";
