#pragma once

#include <string>
#include <string_view>

/// What may not be written down, and not said to anybody. For the moment the cloud forgets it.
namespace ecr::protocol {

/// A card number of which at most the first six and the last four digits are left; the others
/// become stars. Whatever is no digit stays as it is.
///
/// Source: PCI DSS 3.4.
[[nodiscard]] std::string masked_card(std::string_view card);

/// A text in which every card number is masked: 13 to 19 digits that pass the check of ISO/IEC
/// 7812-1, also in the groups that cards have, with single blanks or hyphens between them. Longer
/// runs of digits, such as QFPay's own numbers, stay; so do numbers that only stand side by side.
/// What looks like several numbers that overlap is masked for each of them. A second time changes
/// nothing more.
/// `alone`: only those that are a whole row of such groups; whoever asks hides longer ones himself.
enum class card_place { anywhere, alone };
[[nodiscard]] std::string without_card_numbers(std::string_view text,
                                               card_place where = card_place::anywhere);

}  // namespace ecr::protocol
