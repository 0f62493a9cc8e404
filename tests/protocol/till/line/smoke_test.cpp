#include "protocol/till/registry.hpp"
#include <gtest/gtest.h>
TEST(Smoke, X){ using namespace ecr::protocol::till; auto d=make_dialect(dialect_kind::line,{}); dialect_output o; d->receive("ping\npay amount=1.10\npya\n{\"verb\":\"pay\",\"amount\":1.10}\n",o); std::puts(o.bytes.c_str()); ASSERT_EQ(o.commands.size(),1u);}
