# ECR_TOGETHER: a dozen files are compiled as one, so that what they all make of Asio, of JSON and of
# the standard library is made once. A build from nothing takes half the time; one after a change
# takes longer, so this is for those who build once. Sanitizers, tests and programs are the same.
set(CMAKE_UNITY_BUILD ON)
set(CMAKE_UNITY_BUILD_BATCH_SIZE 12)
# A private name of one file shadows nothing of another's, and is still private.
list(REMOVE_ITEM warnings -Wshadow)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    list(APPEND warnings -Wshadow=local -Wno-subobject-linkage)
endif()

# Compiled by themselves: files with a private name that their neighbours have for something else.
set(ECR_ALONE
    protocol/cloud/notification protocol/cloud/pay_type protocol/cloud/region
    protocol/till/hypercom/frame protocol/till/line/written_reply protocol/till/line/written_text
    protocol/till/qfpay_local/serial_dialect protocol/till/qfpay_local/meaning
    protocol/till/qfpay_local/trace_text
    protocol/till/trace_mask protocol/till/trace_pairs protocol/till/trace_record
    store/journal_extract store/journal_file store/journal_forget store/private_file_posix
    daemon/config_links daemon/config_notifications daemon/config_page
    daemon/doctor/finding daemon/link/serial_port_posix daemon/page/page_query
    daemon/setup/setup_trial daemon/cli/tables
    tests/simulator/http_post tests/simulator/plant_script tests/simulator/request_check
    tests/simulator/wallet
    tests/bench/compared/rounds tests/bench/compared/scaling
    tests/daemon/cli_fixture tests/daemon/cloud/cloud_clock_test
    tests/daemon/cloud/https_client_test
    tests/daemon/cloud/request_governor_test tests/daemon/cloud/trade_enquirer_test
    tests/daemon/config_notifications_test tests/daemon/direct_qr_test
    tests/daemon/sample_till_test
    tests/process/killed_bridge_test tests/process/mixed_tills_test
    tests/protocol/cloud/trade_fields tests/protocol/cloud/trade_query_request_test
    tests/protocol/cloud/trade_request_test
    tests/protocol/order/evidence_enquiry_test tests/protocol/order/evidence_push_test
    tests/protocol/order/evidence_refund_test tests/protocol/order/reconciliation_test
    tests/protocol/secret_hider_test
    tests/protocol/till/hypercom/response_test tests/protocol/till/qfpay_local/meaning_test
    tests/protocol/till/line/written_reply_test
    tests/protocol/till/registry_test tests/protocol/till/trace_mask_test
    tests/simulator/test/refund_test tests/simulator/test/trade_control_test
    tests/simulator/test/trade_payment_test
    tests/simulator/test/trade_refund_test tests/simulator/test/trade_undo_test
    tests/support/connect_proxy tests/support/cutting_relay)

# And what tests/simulation/mutate.sh breaks, a file at a time.
file(GLOB mutations CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/simulation/mutations/*.patch)
foreach(mutation IN LISTS mutations)
    file(STRINGS ${mutation} mutated REGEX "^\\+\\+\\+ b/")
    string(REGEX REPLACE "^\\+\\+\\+ b/(.+)\\.cpp$" "\\1" mutated "${mutated}")
    list(APPEND ECR_ALONE ${mutated})
endforeach()
list(REMOVE_DUPLICATES ECR_ALONE)

# ecr_compile_alone(FOLDER…): called once these are added. Properties of a file are set where its
# target is made.
function(ecr_compile_alone)
    foreach(folder IN LISTS ARGN)
        set(files ${ECR_ALONE})
        list(FILTER files INCLUDE REGEX "^${folder}/")
        list(TRANSFORM files REPLACE "(.+)" "${PROJECT_SOURCE_DIR}/\\1.cpp")
        set_source_files_properties(${files} DIRECTORY ${PROJECT_SOURCE_DIR}/${folder}
            PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
    endforeach()
endfunction()
