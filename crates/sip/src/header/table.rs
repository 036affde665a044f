//! The table of header fields: one row a field, from which names, accessors and dispatch are made.

use super::*;

/// How often a field may stand in a message, and how its values are divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arity {
    /// One value in one line.
    One,
    /// One value a line, as many lines as are needed (challenges, whose parameters have commas of their own).
    Lines,
    /// Values divided by commas, in one line or in many: the two mean the same.
    List,
    /// Like [`List`](Self::List), and an empty line is a legal, empty list.
    MaybeEmpty,
}

impl Arity {
    /// Whether commas divide values.
    #[must_use]
    pub const fn is_list(self) -> bool {
        matches!(self, Self::List | Self::MaybeEmpty)
    }
}

/// A header field as a type: its name, its arity and the type of its values.
///
/// The unit structs of the module [`field`] implement it, one for each row of the table.
pub trait Field {
    /// The type of one value.
    type Value<'a>: Value<'a>;
    /// The name.
    const NAME: HeaderName;
    /// How values are divided.
    const ARITY: Arity;
}

/// A compact form as the byte that stands for it; all of them are ASCII.
const fn ascii(letter: char) -> u8 {
    letter as u32 as u8
}

macro_rules! fields {
    ($($variant:ident $text:literal $(($compact:literal))? $arity:ident $value:ident $(<$lt:lifetime>)?;)*) => {
        /// The names of the header fields that this crate knows by type; all others are [`Other`](Self::Other).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        #[non_exhaustive]
        #[allow(missing_docs, reason = "the names are those of the fields")]
        pub enum HeaderName {
            $($variant,)*
            /// A field that this crate does not know; it passes through untouched.
            Other,
        }

        impl HeaderName {
            /// Every known name, in the order of the standards that define them; [`Other`](Self::Other) is left out.
            pub fn all() -> impl ExactSizeIterator<Item = Self> {
                NAMES.iter().map(|entry| entry.0)
            }

            /// The full name in its canonical spelling; empty for [`Other`](Self::Other).
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Other => "",
                }
            }

            /// The one-letter form, when there is one.
            #[must_use]
            pub const fn compact(self) -> Option<char> {
                match self {
                    $($(Self::$variant => Some($compact),)?)*
                    _ => None,
                }
            }

            /// How often the field may stand in a message.
            #[must_use]
            pub const fn arity(self) -> Arity {
                match self {
                    $(Self::$variant => Arity::$arity,)*
                    Self::Other => Arity::Lines,
                }
            }
        }

        /// Every known name.
        pub(crate) const NAMES: &[(HeaderName, &str)] = &NAME_TABLE;
        const NAME_TABLE: [(HeaderName, &str); [$($text),*].len()] = [$((HeaderName::$variant, $text)),*];
        /// Every compact form.
        pub(crate) const COMPACT: &[(HeaderName, u8)] = &[$($((HeaderName::$variant, ascii($compact)),)?)*];

        /// One unit struct for each known header field, to name it where a type is wanted:
        /// `message.get::<field::CallId>()`.
        pub mod field {
            use super::{Arity, Field, HeaderName};
            $(
                #[doc = concat!("`", $text, "`.")]
                #[derive(Clone, Copy, Debug)]
                pub struct $variant;

                impl Field for $variant {
                    type Value<'a> = super::$value $(<$lt>)?;
                    const NAME: HeaderName = HeaderName::$variant;
                    const ARITY: Arity = Arity::$arity;
                }
            )*
        }

        /// Reads every value of one header line and hands each to `visitor` with its own type.
        ///
        /// # Errors
        ///
        /// The first fault; values before it have been handed over.
        #[inline]
        pub fn visit<V: Visit>(header: &Header<'_>, visitor: &mut V) -> Result<(), crate::ParseError> {
            match header.name() {
                $(HeaderName::$variant => visit_values::<field::$variant, V>(header, visitor),)*
                HeaderName::Other => Ok(()),
            }
        }
    };
}

fields! {
    // RFC 3261 section 20, in its order.
    Accept "Accept" MaybeEmpty MediaRange<'a>;
    AcceptEncoding "Accept-Encoding" MaybeEmpty CodingRange<'a>;
    AcceptLanguage "Accept-Language" MaybeEmpty LanguageRange<'a>;
    AlertInfo "Alert-Info" List InfoUri<'a>;
    Allow "Allow" MaybeEmpty MethodToken<'a>;
    AuthenticationInfo "Authentication-Info" One AuthenticationInfo<'a>;
    Authorization "Authorization" Lines Credentials<'a>;
    CallId "Call-ID" ('i') One CallId<'a>;
    CallInfo "Call-Info" List InfoUri<'a>;
    Contact "Contact" ('m') List Contact<'a>;
    ContentDisposition "Content-Disposition" One Disposition<'a>;
    ContentEncoding "Content-Encoding" ('e') List Token<'a>;
    ContentLanguage "Content-Language" List Language<'a>;
    ContentLength "Content-Length" ('l') One ContentLength;
    ContentType "Content-Type" ('c') One MediaType<'a>;
    CSeq "CSeq" One CSeq<'a>;
    Date "Date" One Date;
    ErrorInfo "Error-Info" List InfoUri<'a>;
    Expires "Expires" One Seconds;
    From "From" ('f') One Address<'a>;
    InReplyTo "In-Reply-To" List CallId<'a>;
    MaxForwards "Max-Forwards" One MaxForwards;
    MimeVersion "MIME-Version" One MimeVersion;
    MinExpires "Min-Expires" One Seconds;
    Organization "Organization" One Text<'a>;
    Priority "Priority" One Priority<'a>;
    ProxyAuthenticate "Proxy-Authenticate" Lines Challenge<'a>;
    ProxyAuthorization "Proxy-Authorization" Lines Credentials<'a>;
    ProxyRequire "Proxy-Require" List Token<'a>;
    RecordRoute "Record-Route" List RouteEntry<'a>;
    ReplyTo "Reply-To" One Address<'a>;
    Require "Require" List Token<'a>;
    RetryAfter "Retry-After" One RetryAfter<'a>;
    Route "Route" List RouteEntry<'a>;
    Server "Server" One Products<'a>;
    Subject "Subject" ('s') One Text<'a>;
    Supported "Supported" ('k') MaybeEmpty Token<'a>;
    Timestamp "Timestamp" One Timestamp<'a>;
    To "To" ('t') One Address<'a>;
    Unsupported "Unsupported" List Token<'a>;
    UserAgent "User-Agent" One Products<'a>;
    Via "Via" ('v') List Via<'a>;
    Warning "Warning" List Warning<'a>;
    WwwAuthenticate "WWW-Authenticate" Lines Challenge<'a>;
    // RFC 7615, used by RFC 7616.
    ProxyAuthenticationInfo "Proxy-Authentication-Info" One AuthenticationInfo<'a>;
    // RFC 3262.
    RAck "RAck" One RAck<'a>;
    RSeq "RSeq" One SequenceNumber;
    // RFC 3265 and 6665.
    AllowEvents "Allow-Events" ('u') MaybeEmpty EventType<'a>;
    Event "Event" ('o') One Event<'a>;
    SubscriptionState "Subscription-State" One SubscriptionState<'a>;
    // RFC 3313, 3323, 3325, 3326, 3327, 3329.
    PMediaAuthorization "P-Media-Authorization" List MediaToken<'a>;
    Privacy "Privacy" One Privacy<'a>;
    PAssertedIdentity "P-Asserted-Identity" List AssertedIdentity<'a>;
    PPreferredIdentity "P-Preferred-Identity" List AssertedIdentity<'a>;
    Reason "Reason" List Reason<'a>;
    Path "Path" List RouteEntry<'a>;
    SecurityClient "Security-Client" List Security<'a>;
    SecurityServer "Security-Server" List Security<'a>;
    SecurityVerify "Security-Verify" List Security<'a>;
    // RFC 3515, 3608, 3840, 3841.
    ReferTo "Refer-To" ('r') One ReferTo<'a>;
    ServiceRoute "Service-Route" List RouteEntry<'a>;
    AcceptContact "Accept-Contact" ('a') List ContactPredicate<'a>;
    RejectContact "Reject-Contact" ('j') List ContactPredicate<'a>;
    RequestDisposition "Request-Disposition" ('d') List Token<'a>;
    // RFC 3891, 3892, 3903, 3911, 4028, 4412, 4488, 4538.
    Replaces "Replaces" One DialogRef<'a>;
    ReferredBy "Referred-By" ('b') One ReferredBy<'a>;
    SipETag "SIP-ETag" One Token<'a>;
    SipIfMatch "SIP-If-Match" One Token<'a>;
    Join "Join" One DialogRef<'a>;
    MinSe "Min-SE" One SecondsParams<'a>;
    SessionExpires "Session-Expires" ('x') One SecondsParams<'a>;
    ReferSub "Refer-Sub" One ReferSub<'a>;
    AcceptResourcePriority "Accept-Resource-Priority" MaybeEmpty ResourcePriority<'a>;
    ResourcePriority "Resource-Priority" List ResourcePriority<'a>;
    TargetDialog "Target-Dialog" One TargetDialog<'a>;
    // RFC 4474, 8224, 4916.
    Identity "Identity" ('y') Lines Identity<'a>;
    IdentityInfo "Identity-Info" ('n') One InfoUri<'a>;
    // RFC 4964, 5002, 5009, 5318, 5502.
    PAnswerState "P-Answer-State" One AnswerState<'a>;
    PProfileKey "P-Profile-Key" One Address<'a>;
    PEarlyMedia "P-Early-Media" MaybeEmpty EarlyMedia<'a>;
    PRefusedUriList "P-Refused-URI-List" List Address<'a>;
    PServedUser "P-Served-User" One ServedUser<'a>;
    // RFC 5360, 5373, 5393, 5626, 5806, 5839.
    PermissionMissing "Permission-Missing" List Address<'a>;
    TriggerConsent "Trigger-Consent" List Address<'a>;
    AnswerMode "Answer-Mode" One AnswerMode<'a>;
    PrivAnswerMode "Priv-Answer-Mode" One AnswerMode<'a>;
    MaxBreadth "Max-Breadth" One MaxBreadth;
    FlowTimer "Flow-Timer" One Seconds;
    Diversion "Diversion" List Diversion<'a>;
    SuppressIfMatch "Suppress-If-Match" One Token<'a>;
    // RFC 6050, 6086, 6442, 6809, 7044, 7315, 7316, 7989.
    PAssertedService "P-Asserted-Service" List ServiceId<'a>;
    PPreferredService "P-Preferred-Service" List ServiceId<'a>;
    InfoPackage "Info-Package" One Word<'a>;
    RecvInfo "Recv-Info" MaybeEmpty Word<'a>;
    Geolocation "Geolocation" List InfoUri<'a>;
    GeolocationError "Geolocation-Error" One GeolocationError<'a>;
    GeolocationRouting "Geolocation-Routing" One GeolocationRouting<'a>;
    FeatureCaps "Feature-Caps" List FeatureCaps<'a>;
    HistoryInfo "History-Info" List HistoryInfo<'a>;
    PAssociatedUri "P-Associated-URI" MaybeEmpty Address<'a>;
    PCalledPartyId "P-Called-Party-ID" One Address<'a>;
    PVisitedNetworkId "P-Visited-Network-ID" List VisitedNetwork<'a>;
    PAccessNetworkInfo "P-Access-Network-Info" List AccessNetwork<'a>;
    PChargingFunctionAddresses "P-Charging-Function-Addresses" One ChargingAddresses<'a>;
    PChargingVector "P-Charging-Vector" One ChargingVector<'a>;
    PPrivateNetworkIndication "P-Private-Network-Indication" One PrivateNetwork<'a>;
    PUserDatabase "P-User-Database" One InfoUri<'a>;
    SessionId "Session-ID" One SessionId<'a>;
    // RFC 7433, 7614, 8262, 8496.
    UserToUser "User-to-User" List UserToUser<'a>;
    ReferEventsAt "Refer-Events-At" One InfoUri<'a>;
    ContentId "Content-ID" One ContentId<'a>;
    PChargeInfo "P-Charge-Info" One Address<'a>;
    // OMA CPM V2.0, Conversation Functions, appendix C.1.
    ConversationId "Conversation-ID" One CpmId<'a>;
    ContributionId "Contribution-ID" One CpmId<'a>;
    InReplyToContributionId "InReplyTo-Contribution-ID" One CpmId<'a>;
    SessionReplaces "Session-Replaces" One CpmId<'a>;
    MessageExpires "Message-Expires" One Seconds;
}
